-- dialects: 5.5
global print
global <const> table
local function f(a, ...rest)
  print(rest.n, rest[1], a)
  return ...
end
local function kept(...all)
  all.x = 1
  return all, ...
end
global x = 1
return f, kept
