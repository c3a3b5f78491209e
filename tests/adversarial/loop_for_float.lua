-- ends with: instruction budget exceeded
for i = 1, math.huge do end
