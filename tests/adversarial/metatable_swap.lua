-- ends with: instruction budget exceeded
local a, b = {__index = function() return 1 end}, {__index = {}} local t = {} while true do setmetatable(t, a) local x = t.y setmetatable(t, b) x = t.y end
