-- ends with: instruction budget exceeded
local s = string.rep('\u{10ffff}', 10000) while true do for p, c in utf8.codes(s) do end end
