-- A tour: closures, metatables, coroutines, patterns.
local Vec = {}
Vec.__index = Vec
Vec.__add = function(a, b) return Vec.new(a.x + b.x, a.y + b.y) end
Vec.__tostring = function(v) return ("(%g, %g)"):format(v.x, v.y) end
function Vec.new(x, y) return setmetatable({ x = x, y = y }, Vec) end

print("sum", Vec.new(1, 2) + Vec.new(3, 4.5))

local squares = coroutine.wrap(function()
  for i = 1, 5 do coroutine.yield(i * i) end
end)
local list = {}
for n in squares do list[#list + 1] = n end
print("squares", table.concat(list, " "))

local count = 0
for word in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do count = count + #word end
print("letters", count)

local ok, message = pcall(function() local unit; return unit.name end)
print("caught", message)
