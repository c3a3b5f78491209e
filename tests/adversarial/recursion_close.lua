-- ends with: memory cap exceeded
local m = {} m.__close = function() local x <close> = setmetatable({}, m) end while true do pcall(function() local x <close> = setmetatable({}, m) end) end
