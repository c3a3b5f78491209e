-- ends with: instruction budget exceeded
local s = string.rep('\u{10ffff}', 10000) while true do utf8.len(s) end
