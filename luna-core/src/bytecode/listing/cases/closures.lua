local function counter(n)
  local function step(by) n = n + by return n end
  return step, function() return n end
end
while true do
  local v = counter(1)
  f = function() return v end
  if v then break end
end
