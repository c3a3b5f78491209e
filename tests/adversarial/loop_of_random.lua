-- ends with: instruction budget exceeded
while true do math.random(1, 6) end
