-- ends with: memory cap exceeded
local t = {} local m = {} m.__gc = function() for i = 1, 100 do t[#t + 1] = {} end end while true do setmetatable({}, m) end
