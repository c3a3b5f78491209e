-- dialects: 5.4 5.5
-- Not-a-number as a bound: every comparison with it fails.
local nan = 0 / 0
for v = nan, 3 do print("start", v ~= v) break end
for v = nan, 3, -1 do print("falling start", v ~= v) break end
for i = 1, nan do print("limit", i) break end
for i = 1.0, nan do print("float limit", i) break end
for i = 0, nan, -1 do print("falling", i) if i < -2 then break end end
for i = 1, 3, nan do print("step", i) break end
