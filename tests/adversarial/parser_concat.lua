-- ends with: C stack overflow|too many C levels|overflow|too many registers|function or expression
assert(load('return ' .. string.rep('a .. ', 10000) .. 'a'))
