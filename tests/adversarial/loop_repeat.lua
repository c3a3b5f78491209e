-- ends with: instruction budget exceeded
repeat until false
