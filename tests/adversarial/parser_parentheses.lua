-- ends with: C stack overflow|too many C levels|overflow
assert(load('return ' .. string.rep('(', 10000) .. '1' .. string.rep(')', 10000)))
