-- ends with: instruction budget exceeded
load(function() return ' ' end)
