-- What wrk does not do by itself: visitors who pause before each page (ms, its only argument), and the 95th of a
-- hundred answers, in microseconds.
init = function(args)
  local pause = tonumber(args[1])
  if pause > 0 then
    delay = function() return pause end
  end
end

done = function(summary, latency, requests)
  io.write(string.format("p95 %d\n", latency:percentile(95)))
end
