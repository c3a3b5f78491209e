-- dialects: 5.4 5.5
-- Every form of an operator's operands: registers, constants on either side, small immediates.
local function show(...) print(...) end
local x, y, f, g = 7, 3, 7.5, -2.25
local big, s = 1000000, "10"
show(x + 1, 1 + x, x - 1, 1 - x, x + big, 1000000 + x, x - 1000000, 1000000 - x, f + 0.5, 0.5 + f, 0.5 - f)
show(x * 3, 3 * x, x * 1.5, 1.5 * f, x % 4, x % 2.5, x ^ 2, 2 ^ x, x / 2, 2 / x, 100.5 / f, x // 2, f // 2.5, 15 // x)
show(x & 6, 6 & x, x | 8, 8 | x, x ~ 1, 1 ~ x, x << 2, 2 << x, x >> 1, 1 >> x, x << y, x >> y, x & y, x | y, x ~ y)
show(x + y, x - y, x * y, x % y, x ^ y, x / y, x // y, -x, ~x, not x, not nil, #s, -f, f % g, f // g)
show(s + 1, 1 + s, s * 2, 2 * s, s / 4, 40 / s, s % 3, 23 % s, s ^ 2, 2 ^ s, s // 3, 33 // s, -s, s - 1, 1 - s)
show(x == 7, x == 7.0, x == "7", x ~= 7, f == 7.5, s == "10", x == y, x ~= y, nil == false)

local function compare(a, b)
  local t = {}
  if a < b then t[#t + 1] = "lt" end
  if not (a < b) then t[#t + 1] = "!lt" end
  if a <= b then t[#t + 1] = "le" end
  if not (a <= b) then t[#t + 1] = "!le" end
  if a > b then t[#t + 1] = "gt" end
  if not (a > b) then t[#t + 1] = "!gt" end
  if a >= b then t[#t + 1] = "ge" end
  if not (a >= b) then t[#t + 1] = "!ge" end
  if a == b then t[#t + 1] = "eq" end
  if not (a == b) then t[#t + 1] = "!eq" end
  return table.concat(t, " ")
end
local nan = 0 / 0
for _, pair in ipairs { { 1, 2 }, { 2, 1 }, { 1, 1 }, { 1, 1.5 }, { 1.5, 1 }, { "a", "b" }, { "b", "a" }, { nan, 1 }, { nan, nan } } do
  print(pair[1] ~= pair[1] and "nan" or pair[1], pair[2] ~= pair[2] and "nan" or pair[2], compare(pair[1], pair[2]))
end
local function immediate(a)
  local t = {}
  if a < 5 then t[#t + 1] = "lt" end
  if not (a < 5) then t[#t + 1] = "!lt" end
  if a <= 5 then t[#t + 1] = "le" end
  if not (a <= 5) then t[#t + 1] = "!le" end
  if a > 5 then t[#t + 1] = "gt" end
  if not (a > 5) then t[#t + 1] = "!gt" end
  if a >= 5 then t[#t + 1] = "ge" end
  if not (a >= 5) then t[#t + 1] = "!ge" end
  if a == 5 then t[#t + 1] = "eq" end
  if not (a == 5) then t[#t + 1] = "!eq" end
  if a == "five" then t[#t + 1] = "five" end
  if a ~= "five" then t[#t + 1] = "!five" end
  local r1, r2, r3, r4 = a < 5, a <= 5, a > 5, a >= 5
  t[#t + 1] = tostring(r1) .. tostring(r2) .. tostring(r3) .. tostring(r4)
  while a < 5 do a = a + 1 end
  repeat a = a - 1 until a <= 3
  repeat a = a + 1 until a >= 5
  repeat a = a - 1 until not (a > 3)
  repeat a = a + 1 until not (a <= 4)
  return table.concat(t, " ") .. " " .. a
end
for _, a in ipairs { 4, 5, 6, 4.5, 5.0, 5.5 } do print(a, immediate(a)) end

local function truth(a, b, c)
  local p = a and b
  local q = a or b
  local r = a and b or c
  local u = (a or b) and c
  local v = not a and b
  local w = not (a and b) or c
  local z = not not a
  return p, q, r, u, v, w, z
end
for _, t in ipairs { { 1, 2, 3 }, { false, 2, 3 }, { 1, false, 3 }, { false, false, 3 }, { nil, nil, false } } do
  print(truth(t[1], t[2], t[3]))
end
local a <const>, b <const> = 10, "k"
show(a + 1, a .. b, a == 10, -a, ~a, a << 1, (a > 5) and b or a)

-- Tables and constants beyond what one instruction holds.
local many = {}
for i = 1, 70000 do many[i] = "'k" .. i .. "'" end
local wide = assert(load("local t = {" .. table.concat(many, ",") .. "} return #t, t[1], t[255], t[256], t[65537], t[70000]"))
print(wide())
local fields = {}
for i = 1, 600 do fields[i] = "f" .. i .. " = " .. i .. ".5" end
local record = assert(load("local t = {" .. table.concat(fields, ",") .. "} return t.f1, t.f300, t.f600"))
print(record())
local far = {}
for i = 1, 300 do far[i] = "local v" .. i .. " = 'name" .. i .. "'" end
print(assert(load("local t = {} do " .. table.concat(far, " ", 1, 150) .. " end do " .. table.concat(far, " ", 151, 300)
  .. " end t.field = 1 t.other = 'x' function t:method() return self.field end return t.field, t.other, t:method(), globalname"))())
