-- ends with: '__call' chain too long
local t = setmetatable({}, {}) getmetatable(t).__call = t t()
