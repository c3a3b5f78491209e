-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end
-- Handlers get their operands in order, whatever form the instruction has.
local function name(v) return type(v) == "table" and "T" or tostring(v) end
local mt = {}
for _, event in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
  mt["__" .. event] = function(a, b) return event .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
mt.__unm = function(a, b) return "unm(" .. name(a) .. "," .. name(b) .. ")" end
mt.__bnot = function(a, b) return "bnot(" .. name(a) .. "," .. name(b) .. ")" end
mt.__len = function(a, b) return "len(" .. name(a) .. "," .. name(b) .. ")" end
mt.__lt = function(a, b) io.write("lt(", name(a), ",", name(b), ") ") return true end
mt.__le = function(a, b) io.write("le(", name(a), ",", name(b), ") ") return false end
local t, n, f = setmetatable({}, mt), 2, 2.5
print(t + 1, 1 + t, t + n, n + t, t - 1, 1 - t, t - n, t + 1000000, 1000000 + t, t - 1000000, 1000000 - t)
print(t * 2, 2 * t, t * n, t * f, t / 2, 2 / t, t % 3, 3 % t, t ^ 2, 2 ^ t, t // 2, 2 // t, t / 0.5, 0.5 / t)
print(t & 1, 1 & t, t | 1, 1 | t, t ~ 1, 1 ~ t, t << 1, 1 << t, t >> 1, 1 >> t, t << n, t >> n)
print(t .. "a", "a" .. t, t .. 1, 1 .. t, "a" .. "b" .. t, t .. "a" .. "b", -t, ~t, #t)
print(t < 1, t <= 1, t > 1, t >= 1)
print(1 < t, 1 <= t, 1 > t, 1 >= t)
print(t < n, t <= n, t > n, t >= n, t < t, t <= t)
print(t < 1.5, t > -1.5, not (t < 1), not (t >= 1))
if t < 1 then print "then" else print "else" end
if t <= 1 then print "then" else print "else" end
if not (t > 1) then print "then" else print "else" end
if not (t >= 1) then print "then" else print "else" end
-- Strings as operands of arithmetic.
local s = "6"
print(s + s, s - s, s * s, s / s, s % s, s ^ s, s // s, -s)
for _, op in ipairs { "+", "-", "*", "/", "%", "^", "//", "&", "|", "~", "<<", ">>", ".." } do
  print(op, pcall(load("local a, b = 'x', {} return a " .. op .. " b")))
  print(op, pcall(load("local a, b = {}, 'x' return a " .. op .. " b")))
  print(op, pcall(load("local a = '3' return a " .. op .. " '4'")))
end
print(msg(load "return -{}"), msg(load "return ~{}"), msg(load "return #5"), msg(load "return ~'x'"), msg(load "return ~1.5"))
local smt = getmetatable("")
for _, op in ipairs { "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__idiv", "__unm" } do
  print(op, pcall(smt[op], "3", "4"))
  print(op, pcall(smt[op], "x", 1))
  print(op, pcall(smt[op], 1, {}))
end
