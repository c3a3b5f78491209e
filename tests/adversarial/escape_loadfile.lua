-- ends with: Permission denied|cannot open|nil value
assert(loadfile('/etc/passwd'))
