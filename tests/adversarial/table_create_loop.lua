-- ends with: instruction budget exceeded
while true do table.create(1000, 1000) end
