-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end
warn("off at first")
warn("@on")
warn("one ", "two ", "three")
warn("@unknown")
warn("@", "on")
warn("@off")
warn("silent")
warn("@on")
print(msg(warn), msg(warn, 1, {}), msg(warn, {}), msg(warn, "a", nil))
local function finalized(error) setmetatable({}, { __gc = error }) collectgarbage() end
finalized(function() error("in a finalizer") end)
finalized(function() error({}) end)
finalized(function() error(setmetatable({}, { __tostring = function() return "converted" end })) end)
finalized(function() error(nil) end)
finalized(function() error("no position", 0) end)
warn(5, " ", 1.5)
