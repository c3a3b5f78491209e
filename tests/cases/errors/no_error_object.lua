-- dialects: 5.4 5.5
print(pcall(error))
print(pcall(function() error() end))
