-- ends with: Permission denied|cannot open|nil value
dofile('/etc/passwd')
