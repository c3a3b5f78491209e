-- dialects: 5.4 5.5
local function try(f, ...) print(select(2, pcall(f, ...))) end
local t, up = {}, nil
try(function() local a; a.b = 1 end) try(function() local a; return a.b end) try(function() up.x = 1 end) try(function() return up() end)
try(function() undefinedglobal() end) try(function() return undefinedglobal.x end) try(function() t.x.y = 1 end) try(function() t.x.y.z() end)
try(function() t:method() end) try(function() t.f() end) try(function() t[1]() end) try(function() return t.a + 1 end) try(function() return 1 + t.a end)
try(function() local a = {} return a + 1 end) try(function() local a = 'x' return a + 1 end) try(function() return up .. 'x' end) try(function() return 'x' .. {} end)
try(function() return #up end) try(function() return -t end) try(function() return t < 1 end) try(function() return t.x < t.y end) try(function() local a <const> = nil; return a.x end)
try(function() return ('x').y.z end) try(function() string.rep() end) try(function() ('x'):rep({}) end) try(function() ('x'):bad() end) try(function() return 1.5 & 1 end) try(function() local f = 1.5; return f | 2 end)
try(function() return t.x.y end) try(function() return t[up].z end) try(function() local k = 'key'; return t[k].z end) try(function() t[up] = 1 end) try(function() return 2 ^ {} end) try(function() return 10 // 0 end)
try(function() setmetatable(1, {}) end) try(function() math.floor({}) end) try(function() io.stdout.write() end) try(function() io.stdout.write(5) end) try(function() t.g.h() end) try(function() for i = 1, 'x' do end end) try(function() local a = 1; a() end) try(function() (1)() end) try(function() ("x")() end)
try(function() return (nil)[1] end) try(function() return ({}).x.y end) try(function() local a, b = 1, {}; return a < b end) try(function(a) a.x.y = 1 end, {}) try(function(...) local x = ...; x.y = 1 end) try(function() return math.huge // 1 | 0 end) try(function() return up.a.b end)
try(function() local _ENV = {}; x() end) try(function() local _ENV <const> = nil; y = 1 end) try(string.format, '%d', '1.5') try(function() return table.concat({{}}) end) try(function() error(setmetatable({}, {__tostring = function() return 'obj' end})) end)
try(function() error('lvl2', 2) end) try(function() return tostring() end) try(function() local s = setmetatable({}, {__index = function(_, k) error('idx ' .. k) end}); return s.foo end)
