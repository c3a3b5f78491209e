-- dialects: 5.4 5.5
print(pcall(load(string.dump(function() local t; t.x = 1 end, true))))
