-- ends with: instruction budget exceeded
while true do print('x') end
