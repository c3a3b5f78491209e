-- ends with: instruction budget exceeded
local t = setmetatable({}, {__add = function() while true do end end}) local x = t + 1
