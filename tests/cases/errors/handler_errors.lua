-- dialects: 5.4 5.5
print(xpcall(error, error))
local function err(n)
  if type(n) ~= "number" then return n elseif n == 0 then return "END" else error(n - 1) end
end
for _, n in ipairs{10, 100, 170, 300} do print(n, xpcall(error, err, n)) end
