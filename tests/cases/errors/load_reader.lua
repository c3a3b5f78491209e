-- dialects: 5.4 5.5
print(load(function() return {} end))
print(load(function() error('reader', 0) end))
