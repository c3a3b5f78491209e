-- ends with: instruction budget exceeded
local t = {} while true do pcall(function() t[#t + 1] = string.rep('x', 100000) .. #t end) end
