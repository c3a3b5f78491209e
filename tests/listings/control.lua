-- dialects: 5.4
local function f(x, y)
  if x and not y or x == 1 then
    return x
  elseif x < 10 then
    y = x or y
  end
  while y do
    if y > 3 then break end
    y = y + 1
  end
  for i = 1, 10, 2 do
    if i == 5 then goto continue end
    x = i
    ::continue::
  end
  for k, v in pairs(x) do y = k end
  repeat local z = y until z == nil
  return f(x, y)
end
return f
