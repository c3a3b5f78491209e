-- ends with: instruction budget exceeded
local s = 'return load(...)(...)' load(s)(s)
