-- dialects: 5.4 5.5
local function f() return 1 + f() end
local ok, m = pcall(f) print(ok, (m:gsub('\n.*', '')))
ok, m = pcall(function() local s = setmetatable({}, {__tostring = function(s) return tostring(s) end}) return tostring(s) end) print(ok, (m:match('overflow')))
local function g() g() end print((select(2, xpcall(g, function(m) return m:match('stack overflow') end))))
