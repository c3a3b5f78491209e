-- dialects: 5.4
local up = 0
local function count(...)
  up = up + 1
  local first, second = ...
  return select("#", ...), first, second, ...
end
local function nested()
  local inner = up
  return function() inner = inner + up return inner end
end
do
  local closed <close> = nil
  local constant <const> = 10
  print(count(constant))
end
return nested()(), (count())
