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
run('pairs', function() for k in pairs(setmetatable({}, {__pairs = function() y('p'); return next, {z = 1} end})) do return k end end)
