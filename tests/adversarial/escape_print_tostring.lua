-- ends with: instruction budget exceeded
tostring = function() while true do end end while true do print(setmetatable({}, {__name = string.rep('x', 1000)})) end
