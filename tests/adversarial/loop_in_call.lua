-- ends with: instruction budget exceeded
setmetatable({}, {__call = function() while true do end end})()
