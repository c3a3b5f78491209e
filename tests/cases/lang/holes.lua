-- dialects: 5.4 5.5
-- Which border `#` finds in a list with holes.
print(#{ 1, nil, 3 }, #{ nil, nil, 3 }, #{ true, nil, 1, "z", nil }, #{ nil, 2 }, #{ 1, nil, nil, 4, nil })
print(#table.pack(1, nil, 3), #table.pack(nil, nil), #table.pack(nil, 2, nil, 4))
print(table.unpack({ 1, nil, 3 }))
local t = {}
for i = 1, 10 do t[i] = i end
t[5] = nil
print(#t)
t[10] = nil
print(#t)
for i = 9, 1, -1 do t[i] = nil end
print(#t)
