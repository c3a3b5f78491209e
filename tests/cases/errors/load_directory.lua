-- dialects: 5.4
print(loadfile("/"))
print(pcall(dofile, "/"))
