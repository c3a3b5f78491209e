-- ends with: '__index' chain too long; possible loop
local t = setmetatable({}, {}) getmetatable(t).__index = t local x = t.x
