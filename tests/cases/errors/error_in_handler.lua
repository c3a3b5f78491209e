-- dialects: 5.4 5.5
print(select(2, xpcall(error, function(m) error(m) end, 'again')))
