-- dialects: 5.4
local a, b = 1, 2.5
local c = a + 1, b - 3
c = (a * 2 + b / 4) % 3 // 1 ^ 2
c = a & 0xff | b ~ 7 << 2 >> 1
c = -a, not b, #"x", ~a
c = "a" .. a .. "b"
c = 2 + 3 * 4 - 10 // 3
return c, a == 1, a ~= b, a < b, a <= 3, 3 > a
