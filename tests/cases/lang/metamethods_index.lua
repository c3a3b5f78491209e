-- dialects: 5.4 5.5
local real = print local function print(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]):gsub('0x%x+', 'PTR') end real(table.unpack(t, 1, t.n)) end
local base = {x = 1}
local mid = setmetatable({y = 2}, {__index = base})
local t = setmetatable({}, {__index = mid, __newindex = function(t, k, v) rawset(t, k, v .. '!') end})
print(t.x, t.y, t.z)
t.a = 'v'; print(t.a)
local store = {}
local p = setmetatable({}, {__newindex = store, __index = function(_, k) return k .. '?' end})
p.q = 1; p[1] = 2
print(rawget(p, 'q'), store.q, store[1], p.k, p[3])
local call = setmetatable({}, {__call = function(self, ...) return select('#', ...), ... end})
print(call(), call(1, nil))
local nested = setmetatable({}, {__call = call})
print(nested(9))
print(tostring(setmetatable({}, {__tostring = function() return 'shown' end})))
print(pcall(tostring, setmetatable({}, {__tostring = function() return 1 end})))
print((tostring(setmetatable({}, {__name = 'My.Type'})):gsub('0x%x+', 'PTR')))
print(getmetatable(setmetatable({}, {__metatable = 'locked'})), pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))
print(getmetatable('').__index == string, ('x'):rep(3))
print(pcall(function() local s = 'x'; return s.y.z end))
local loop = {} ; setmetatable(loop, {__index = loop})
print(pcall(function() return loop.x end))
local a, b = {}, {}
setmetatable(a, {__index = b}) setmetatable(b, {__index = a})
print(pcall(function() return a.x end))
print(pcall(function() setmetatable(a, {__newindex = b}) setmetatable(b, {__newindex = a}) a.x = 1 end))
print(rawlen(t), rawlen('abc'), pcall(rawset, 1, 2, 3))
