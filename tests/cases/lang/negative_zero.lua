-- dialects: 5.4 5.5
-- The sign of zero through sums with literals.
local z = -0.0
print(z - 0, z + 0, 0 + z, z - 0.0, z + 0.0, 0 - z, z - z, z * 1, -z, 0.0 - z, "-0.0" - 0, z - 1 + 1)
local zero = 0
print(z - zero, z + zero)
for i = -0.0, 1 do print(i) end
print(-0.0 - 0, -0.0 + 0, 0.0 - 0)
