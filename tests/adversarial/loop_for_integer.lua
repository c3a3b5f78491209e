-- ends with: instruction budget exceeded
for i = math.mininteger, math.maxinteger do end
