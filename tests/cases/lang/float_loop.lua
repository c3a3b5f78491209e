-- dialects: 5.4 5.5
for i = 1, 2, 0.5 do io.write(i, ' ') end print()
