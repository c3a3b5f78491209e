-- ends with: C stack overflow|too many C levels|overflow
assert(load(string.rep('do ', 10000) .. string.rep('end ', 10000)))
