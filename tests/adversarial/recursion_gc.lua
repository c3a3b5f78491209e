-- ends with: instruction budget exceeded
local m = {} m.__gc = function() setmetatable({}, m) collectgarbage() end setmetatable({}, m) while true do collectgarbage() end
