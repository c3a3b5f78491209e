-- ends with: attempt to load a binary chunk|bytecode loading disabled
assert(load(string.dump(function() end)))
