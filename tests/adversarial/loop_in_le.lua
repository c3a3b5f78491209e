-- ends with: instruction budget exceeded
local m = {__le = function() while true do end end} local x = setmetatable({}, m) <= 1
