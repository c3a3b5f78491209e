-- ends with: instruction budget exceeded
while true do setmetatable({}, {__gc = function() while true do end end}) collectgarbage() end
