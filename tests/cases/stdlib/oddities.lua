-- dialects: 5.4 5.5
-- Corners of library functions.
local each = string.gmatch("a", "b")
print(select("#", each()))
print(pcall(string.unpack, "I16", ("\255"):rep(16)))
print(pcall(string.unpack, "i16", ("\255"):rep(16)))
print(pcall(string.unpack, "s16", ("\255"):rep(16)))
print(string.packsize("!i16"), string.packsize("b!i16i16"), string.packsize("!bXi16"))
print(pcall(next, { 1 }, 1.0))
print(load("return a.0xffp"))
print(load("return .0x1"))
local calls = 0
local t = { 3, 1, 2 }
print(pcall(table.sort, t, function() calls = calls + 1 return true end))
print(calls, table.concat(t, " "))
