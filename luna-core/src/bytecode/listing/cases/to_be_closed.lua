do
  local f <close>, n <const> = open(), 1
  f:read(n)
  return f
end
