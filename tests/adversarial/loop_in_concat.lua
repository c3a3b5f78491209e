-- ends with: instruction budget exceeded
local x = setmetatable({}, {__concat = function() while true do end end}) .. 'a'
