-- ends with: memory cap exceeded
local s = string.rep('a', 100000) string.gsub(s, '.*', string.rep('%0', 200))
