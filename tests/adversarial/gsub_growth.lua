-- ends with: instruction budget exceeded
local s = string.rep('a', 1000) while true do s = string.gsub(s, 'a', 'aa') end
