-- dialects: 5.4 5.5
local function run(name, f)
  local co = coroutine.wrap(f)
  local out = {}
  while true do
    local r = table.pack(co(#out + 1))
    if r[1] ~= 'y' then print(name, table.concat(out, ' '), table.unpack(r, 1, r.n)); return end
    out[#out + 1] = tostring(r[2])
  end
end
local function y(x) return coroutine.yield('y', x) end
run('pcall', function() return pcall(function() y('a'); error('boom', 0) end) end)
run('xpcall', function() return xpcall(function() y('a'); error('boom', 0) end, function(m) return 'h:' .. m end) end)
run('nested', function() return pcall(pcall, function() y(1); return pcall(function() y(2); error('x', 0) end) end) end)
local mt = {}
for _, e in ipairs {'add', 'sub', 'concat', 'unm', 'len', 'eq', 'lt', 'le', 'idiv', 'band', 'shl'} do mt['__' .. e] = function(a, b) return y(e) end end
mt.__index = function(_, k) return y('index ' .. k) end
mt.__newindex = function(_, k, v) y('newindex ' .. k) end
mt.__call = function(_, a) return y('call ' .. a) end
local function new() return setmetatable({}, mt) end
run('arith', function() local t = new(); return t + 1, 1 - t, t // 2, t & 1, 1 << t, -t, #t end)
run('concat', function() local t = new(); return 'a' .. 'b' .. t .. 'c', 'x' .. t end)
run('compare', function() local t, u = new(), new(); return t == u, t ~= u, t < u, t <= u, t > u, not (t < u) end)
run('branch', function() local t, u = new(), new(); if t < u then return 'less' else return 'more' end end)
run('index', function() local t = new(); t.a = t.b; return t.c, t(5) end)
run('for in', function() local s = 0; for i in function(_, c) y('it'); if c < 3 then return c + 1 end end, nil, 0 do s = s + i end return s end)
run('close', function() do local c <close> = setmetatable({}, {__close = function() y('closing') end}); y('body') end return 'after' end)
run('close return', function() local c <close> = setmetatable({}, {__close = function() y('closing') end}); return 1, 2, 3 end)
run('close error', function() return pcall(function() local c <close> = setmetatable({}, {__close = function(_, e) y('closing ' .. tostring(e)) end}); error('E', 0) end) end)
run('close for', function() for i in function(_, c) return (c or 0) + 1 end, nil, nil, setmetatable({}, {__close = function() y('for closed') end}) do if i == 2 then break end y(i) end return 'end' end)
run('sort', function() return pcall(table.sort, {3, 1, 2}, function(a, b) y('s') end) end)
run('gsub', function() return pcall(string.gsub, 'abc', '.', function() y('g') end) end)
run('dofile-like', function() return load('return ...')(y('l')) end)
