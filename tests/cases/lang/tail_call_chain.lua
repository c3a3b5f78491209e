-- dialects: 5.4 5.5
-- A call through __call in tail position takes no stack.
local object
object = setmetatable({}, { __call = function(self, n)
  if n == 0 then return "done" end
  return object(n - 1)
end })
print(pcall(object, 300000))
local outer = setmetatable({}, { __call = object })
print(pcall(function() return object(0) end))
print(pcall(function() return outer() end))
