-- ends with: instruction budget exceeded
local x = #setmetatable({}, {__len = function() while true do end end})
