local x, y = 3, 4.5
local z = x + 1 - 2 * y / 3 // x % 5
z = 1 - x, 7 & y, x << 2, ~y, -z, #_VERSION
z = 2 ^ 10 .. "k" .. x
