-- dialects: 5.4 5.5
local function try(source) print((select(3, pcall(load, source, "=s")))) end
for _, source in ipairs {
  "x =", "x", "x y", "1", "for", "for 1", "for x", "for x in", "for x do", "for x, y = 1 do", "for x = 1 do end", "for x = 1, 2, 3, 4 do end",
  "if", "if x", "if x then", "if x then else", "if x then elseif", "while x", "while x do", "repeat", "repeat until", "do", "function", "function f",
  "function f(", "function f(1) end", "function f(...", "function f(..., a) end", "function f.1() end", "function f:g:h() end", "function f()", "local", "local 1",
  "local function", "local function 1", "local x <", "local x <const", "local x <what>", "local x <const> = 1; x = 2", "local a <close>, b <close> = 1, 2",
  "return return", "return 1 2", "break", "goto", "goto x", "goto 1", "::", "::x", "::x:: ::x::", "do goto x; local a; ::x:: print(a) end", "goto x; local a; ::x:: print()",
  "x.", "x.1 = 1", "x:", "x:y", "x:y =", "x[", "x[1", "x[]", "(x", "(x) = 1", "x() = 1", "f{", "f{1", "f{a=}", "f{[1]}", "f{1;2", "f 1", "a.b:c = 1",
  "x = }", "x = )", "x = 'a", "x = \"a", "x = 'a\nb'", "x = [[a", "x = [==[a]=]", "--[[ x", "--[==[ x", "x = [=a", "x = [=", "x = '\\q'", "x = '\\x'", "x = '\\xg'", "x = '\\xag'",
  "x = '\\300'", "x = '\\u'", "x = '\\u{'", "x = '\\u{g}'", "x = '\\u{110000000}'", "x = '\\u{11'", "x = '\\", "x = '\\z   ", "x = '\\999'", "x = 1e", "x = 1e+", "x = 0x", "x = 0xg", "x = 1..2", "x = 3x",
  "x = 0x1p", "x = 1.2.3", "x = 08e", "x = ...", "function f() return ... end", "x = @", "x = $", "x = !", "x = `", "x = a ~ = b", "x = a = b", "x = a == ", "x = not", "x = #", "x = -", "x = a and",
  "x = function", "x = function(", "x = {", "x = {1, 2", "x = a..", "\1", "x = \"\1", "x = '\255", "x = \\", "and", "end", "until x", "else", "elseif", "then", "in", "nil = 1", "true = 1", "local true", "f(",
  "f(1", "f(1,", "f(1,)", "f'", "local x = 'a\\", "x = 5 y = 6 z", "x = a b", "return;;", "while true do break end end", "do return end end", "x, y", "x, y =", "x, 1 = 2", "x, f() = 2", "x = 'abc\r\ndef'",
  "function a.b.c:d.e() end", "local a.b = 1", "local x, = 1", "goto continue; do ::continue:: end", "do ::a:: end goto a", "repeat goto c; local z; ::c:: until z", "x = \"\\u{80000000}\"", "x = '\\400'", "local x <const>; x = 1", "local function f() end f = ", "# x", "x = 1 # 2",
} do
  try(source)
end
-- Limits.
local function many(n, item, separator) local t = {} for i = 1, n do t[i] = (item:gsub("#", i)) end return table.concat(t, separator) end
try("local " .. many(201, "v#", ","))
try("local function f() local " .. many(201, "v#", ",") .. " end")
try("\n\nlocal function f()\n local " .. many(201, "v#", ",") .. " end")
try("local function f(" .. many(201, "v#", ",") .. ") end")
try("x = " .. ("("):rep(250) .. "1" .. (")"):rep(250))
try(("do "):rep(250) .. ("end "):rep(250))
try("x = " .. ("{"):rep(250) .. ("}"):rep(250))
try("x = " .. ("-"):rep(250) .. "1" and "x = " .. ("not "):rep(250) .. "1")
try("x = " .. ("a.."):rep(250) .. "a")
try("x = " .. ("2^"):rep(250) .. "2")
try(("x."):rep(3) .. "y = " .. ("f("):rep(250) .. (")"):rep(250))
try(("function f() "):rep(250) .. ("end "):rep(250))
try(many(30, "local a#_1, a#_2, a#_3, a#_4, a#_5, a#_6 = 1", " ") .. " x = function() return " .. many(30, "a#_1, a#_2", ",") .. " end")
try("if x then\n" .. ("\n"):rep(10) .. "for i = 1, 2 do\n")
try("\n\nfunction f()\n\n while true do\n")
try("x = {\n\n1,\n2")
try("f(\n\n1")
try("repeat\n\n x = 1\n")
try("x = [[\n\n\n")
try("--[[\n\n\n")
try("x = (\n\n")
try("x = t[\n\n1")
-- Where the limit is noticed is another matter.
print((select(2, load("return " .. many(300, "a#", ","), "=s")):gsub(" near .*", "")))
print((select(2, load("local x = f(" .. many(300, "a#", ",") .. ")", "=s")):gsub(" near .*", "")))
