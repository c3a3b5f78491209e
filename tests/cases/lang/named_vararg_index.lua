-- dialects: 5.5
local function get(...t) return t[1], t[2.0], t[0], t[-1], t[1.5], t.n, t["n"], t.x, t["1"], t[t.n] end
print(get())
print(get("a"))
print(get("a", nil, "c"))
local function sum(first, ...rest)
  local s = first
  for i = 1, rest.n do s = s + rest[i] end
  return s, ...
end
print(sum(1, 2, 3))
local function nested(...t) return t[1].x, t[1].y.z, (t)[2] end
print(nested({x = 1, y = {z = 2}}, 3))
local function captured(...t) return function(i) return t[i] end end
print(captured(4, 5)(2))
local function written(...t) t[1] = "w" t.n = 1 return t[1], t.n, ... end
print(written(1, 2, 3))
local function shadowed(...t) do local t = {7} print(t[1]) end return t[1] end
print(shadowed(8))
local function failing(...t) return t[1].x end
print(pcall(failing))
local function calling(...t) t.f() end
print(pcall(calling))
local function method(...t) t:f() end
print(pcall(method))
local function concat(...t) return t[1] .. t.x end
print(pcall(concat, 1))
local same
for i = 1, 2 do
  local before = collectgarbage("count")
  sum(1, 2, 3)
  same = collectgarbage("count") == before
end
print(same)
local function key(...t) return t[nil], t[{}], t[true] end
print(key(1))
