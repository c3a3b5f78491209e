-- dialects: 5.4 5.5
local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local k = setmetatable({}, {__mode = 'k'}) local v = setmetatable({}, {__mode = 'v'}) local kv = setmetatable({}, {__mode = 'kv'})
local keep = {}
k[keep] = 1 k[{}] = 2 v.a = keep v.b = {} v[1] = {} v.s = 'string' v.n = 5 kv[keep] = {} kv[{}] = keep kv.x = keep
collectgarbage()
print(count(k), count(v), count(kv), v.a == keep, v.b, v[1], v.s, v.n, k[keep])
local e = setmetatable({}, {__mode = 'k'})
do local a, b = {}, {} e[a] = b e[b] = a end
local root = {} e[root] = {} e[e[root]] = {} e[e[e[root]]] = 'end'
collectgarbage() print(count(e), e[e[e[root]]])
root = nil collectgarbage() print(count(e))
local s = setmetatable({}, {__mode = 'k'}) do local o = {} s[o] = {o} end collectgarbage() print(count(s))
local strong = {} for i = 1, 100 do strong[i] = setmetatable({}, {__mode = 'v'}) strong[i][1] = {} strong[i][2] = strong end collectgarbage()
local dead, live = 0, 0 for i = 1, 100 do if not strong[i][1] then dead = dead + 1 end if strong[i][2] then live = live + 1 end end print(dead, live)
