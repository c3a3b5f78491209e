-- ends with: memory cap exceeded
load(function() return string.rep('x', 1 << 20) end)
