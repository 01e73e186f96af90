-- wrk alone neither pauses nor tells the 95th percentile. The only argument is the pause of a visitor before each
-- page, in milliseconds; the 95th percentile of the answers is printed in microseconds.
init = function(args)
  local pause = tonumber(args[1])
  if pause > 0 then
    delay = function() return pause end
  end
end

done = function(summary, latency, requests)
  io.write(string.format("p95 %d\n", latency:percentile(95)))
end
