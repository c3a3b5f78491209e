-- ends with: C stack overflow|too many C levels|overflow
assert(load(string.rep('return function() ', 10000) .. string.rep(' end', 10000)))
