-- dialects: 5.5
for _, N in ipairs {15, 16, 100} do local u = table.pack for i = 1, N do u = setmetatable({i}, {__call = u}) end local ok, r = pcall(function() return #u("a", "b") end) print(N, ok, r) end
