-- What wrk does not print by itself: the 95th of a hundred answers, in microseconds.
done = function(summary, latency, requests)
  io.write(string.format("p95 %d\n", latency:percentile(95)))
end
