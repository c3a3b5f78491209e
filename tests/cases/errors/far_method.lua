-- dialects: 5.4 5.5
local t = {}
for i = 1, 1000 do t[i] = "aaa = x" .. i end
local s = table.concat(t, "; ")
local function c(x) print((select(2, pcall(assert(load(s .. x, "=far")))))) end
c("; local t = {}; t:bbb()")
c("; local t = {}; t.bbb()")
c("; bbb()")
print(load("local a<close>, b<close>\n", "=c"))
print(load("local a<foo>\n", "=c"))
