-- dialects: 5.4 5.5
local real = print local function print(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]):gsub('0x%x+', 'PTR') end real(table.unpack(t, 1, t.n)) end
print(load('return 1 + 1')(), load(function() return nil end), load('x ='))
local parts = {'return ', '4', '2'} local i = 0
print(load(function() i = i + 1; return parts[i] end)())
print(load('return x', 'chunk', 't', {x = 'env'})(), load('syntax error here', '=name'), load('error("m")', '@file.lua'))
print(pcall(load('error("m")', '@file.lua')), pcall(load('error("m")', '=mine')), pcall(load('error("m")\n', 'error("m")\nsecond')), pcall(load('\n\nerror("m")', ('x'):rep(100))))
print(load('\27Lua', 'b', 't'), load('return 1', 'c', 'b'), pcall(load, 'x', 'y', 'z'))
local up = 10
local function f(a) up = up + a; return up end
local d = string.dump(f)
local g = load(d, 'd', 'b') print(type(g), pcall(g, 1))
debug.setupvalue(g, 1, 5) print(g(1), up)
print(load(string.dump(function(...) return select('#', ...) end), 'x', 'b')(1, nil))
print(pcall(load(string.dump(load('local a = ...; return a.b.c', '=src')), 'n', 'b'), {}))
print(loadfile('missing.lua')) print(pcall(dofile, 'missing.lua'))
print(load('return ...', 'v')(1, 2), load('goto = 1'), load('x = }'), load("x = 'abc"), load('x = [[abc'), load('--[[ abc'), load('x = "\\q"'), load('x = 0x'), load('x = 3x'))
print(load(('x = '):rep(3)), load('for i = 1 do end'), load('f('), load('if x then'), load('\n\nif x then\n\n'), load('return return'), load('local function end'), load('a.b:c = 1'), load('x = "\\u{110000000}"'), load('(a) = 1 (b)'), load('a + 1'))
print(load(('('):rep(300) .. '1' .. (')'):rep(300)), load('return ' .. ('-'):rep(300) .. '1'))
