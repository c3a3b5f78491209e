-- ends with: instruction budget exceeded
local f = load('local a = 1 return function() return a end') while true do string.dump(f) end
