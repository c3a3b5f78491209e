-- dialects: 5.4 5.5
table.sort({3, 2, 1}, function(a, b)
  error('comparing')
end)
