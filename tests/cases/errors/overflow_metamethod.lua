-- dialects: 5.4 5.5
local t = setmetatable({}, {}) getmetatable(t).__index = function(s, k) return s[k] end
local ok, m = pcall(function() return t.x end) print(ok, (m:match('overflow')))
