-- ends with: memory cap exceeded
local t = {} while true do t[#t + 1] = setmetatable({}, {__gc = function() end}) end
