-- ends with: C stack overflow|too many C levels|overflow
assert(load('return ' .. string.rep('1 ^ ', 10000) .. '1'))
