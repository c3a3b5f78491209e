-- ends with: instruction budget exceeded
while true do load('return f' .. string.rep('()', 1000)) end
