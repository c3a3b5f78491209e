-- dialects: 5.5
print(load('global x; y = 1'))
print(load('global x; return y'))
print(load('global <const> print; print = 1'))
print(load('global x <const> = 1; x = 2'))
global *
z = 3
print(z)
do global a, b = 1, 2; global print; print(a, b) end
do
  global print, pcall
  global function fun(n) return n + 1 end
  print(fun(1))
  print(pcall(function() global fun = 1 end))
end
do global<const> *; print(z) end
print(load('global <const> *; z = 1'))
print(load('global none; local x <const> = 1; x = 2'))
print(load('global a <close>'))
local global = 1
print(global)
