-- ends with: instruction budget exceeded
local t = {} while true do local ok, e = pcall(error, string.rep('x', 10000) .. #t) t[#t + 1] = e end
