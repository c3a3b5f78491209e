-- dialects: 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end
print(math.frexp(8), math.frexp(0.3), math.frexp(-5), math.frexp(0), math.frexp(1 / 0), math.frexp(2 ^ -1074))
print(math.ldexp(0.5, 4), math.ldexp(1, -1074), math.ldexp(1, 5000), math.ldexp(-3.5, 2))
print(msg(math.frexp), msg(math.ldexp, 1), msg(math.ldexp, 1, 1.5), msg(math.frexp, "x"))
