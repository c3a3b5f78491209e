-- dialects: 5.5
local t = table.create(10) print(#t, next(t))
t = table.create(4, 4) t.x = 1 t[1] = 2 print(#t, t.x)
print(pcall(table.create, -1), pcall(table.create, 1, -1), pcall(table.create), pcall(table.create, 1 << 40))
print(#table.create(0, 0))
print(pcall(table.create, 0, (1 << 31) - 1))
