-- dialects: 5.4 5.5
local function lvl3() print(debug.traceback('tb')) end
local function lvl2() lvl3() end
function lvl1() lvl2(); return 1 end
local t = {m = function() lvl1() end, n = {}} function t.n:deep() t.m() end
t.n:deep()
local function tail() return lvl3() end tail()
local mt = setmetatable({}, {__add = function() lvl3() end, __index = function() lvl3() end}) local _ = mt + 1 _ = mt.x
for _ in function() lvl3() end do end
pcall(lvl3) string.gsub('a', 'a', function() lvl3() end)
coroutine.wrap(function() lvl3() end)() load('local f = ... f()', '=loaded')(lvl3)
local function rec(n) if n == 0 then lvl3() else rec(n - 1) end return 1 end rec(30)
print(debug.traceback('msg', 2)) print(debug.traceback(coroutine.create(print), 'c')) print(xpcall(function() local a; a.b() end, debug.traceback))
do local c <close> = setmetatable({}, {__close = function() lvl3() end}) end
