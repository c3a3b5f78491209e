-- ends with: instruction budget exceeded
while true do load('return 1')() end
