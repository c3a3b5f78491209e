-- ends with: '__call' chain too long|instruction budget exceeded
local t = setmetatable({}, {}) getmetatable(t).__call = t t()
