-- ends with: memory cap exceeded
local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end local s = t .. 'x'
