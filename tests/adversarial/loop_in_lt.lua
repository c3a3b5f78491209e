-- ends with: instruction budget exceeded
local m = {__lt = function() while true do end end} local x = setmetatable({}, m) < setmetatable({}, m)
