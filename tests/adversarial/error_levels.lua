-- ends with: instruction budget exceeded
while true do pcall(error, 'x', 100) pcall(error, 'x', math.maxinteger) end
