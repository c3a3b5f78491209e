-- dialects: 5.4 5.5
-- Numbers of all sizes, as text and read back; the sequence is the same everywhere.
local state = 1
local function draw()
  state = state * 6364136223846793005 + 1442695040888963407
  return state ~ (state >> 29)
end
for i = 1, 150 do
  local bits = draw()
  local x = string.unpack("<d", string.pack("<i8", bits))
  if x == x then
    print(x, string.format("%.17g %g %.3e %a %.0f", x, x, x, x, math.fmod(x, 1e6)), tonumber(tostring(x)) == x, x // 1e290)
  end
  local small = (bits >> 40) / 1024
  print(small, string.format("%.14g %5.1f %-12.4g| %#.3g %+e %.10a", small, small, small, small, small, small), small // 1, small % 0.7, -small // 3, bits % 1000, bits // 7)
end
for _, text in ipairs { "0x", "0x.", "0x.8", "0x8.", "0x1p4", "0x1P-4", "0xA.8p1", "1e", "1e+", ".5", "5.", ".", "e5", "1e400", "-1e400", "0x1p99999", "1e-400", "  7  ", "7 8", "0x-1", "-0x1",
  "- 1", "inf", "nan", "1_000", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "0xffffffffffffffff", "0x1ffffffffffffffff",
  "0b1", "1\0", "١", "1f", "0x1e2", "1E5", "00012", "-0", "-0.0", "1e1000000000000000000000", "0x" .. ("f"):rep(300), ("1"):rep(300), ("1"):rep(500), "0." .. ("0"):rep(400) .. "1" } do
  print(#text > 40 and #text or text, tonumber(text), math.type(tonumber(text)))
end
for base = 2, 36, 7 do print(base, tonumber("zZ", base), tonumber("-11", base), tonumber(" 10 ", base), tonumber("7fffffffffffffff", base), tonumber("1.0", base), tonumber("", base)) end
