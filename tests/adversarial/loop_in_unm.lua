-- ends with: instruction budget exceeded
local x = -setmetatable({}, {__unm = function() while true do end end})
