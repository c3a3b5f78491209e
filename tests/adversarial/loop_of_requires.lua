-- ends with: instruction budget exceeded
while true do pcall(load, 'x') end
