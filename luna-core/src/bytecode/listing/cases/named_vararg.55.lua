local function f(a, ...t)
  local n = t.n
  return n, ...
end
local function g(...t) return ... end
