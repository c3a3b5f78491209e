-- ends with: instruction budget exceeded
while true do end
