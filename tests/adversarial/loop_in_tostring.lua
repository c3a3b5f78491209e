-- ends with: instruction budget exceeded
tostring(setmetatable({}, {__tostring = function() while true do end end}))
