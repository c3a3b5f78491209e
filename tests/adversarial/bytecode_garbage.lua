-- ends with: attempt to load a binary chunk|bytecode loading disabled
assert(load('\27Lua' .. string.rep('x', 100)))
