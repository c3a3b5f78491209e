-- ends with: instruction budget exceeded
while true do string.format('%s %d %g', 'x', 1, 1.5) end
