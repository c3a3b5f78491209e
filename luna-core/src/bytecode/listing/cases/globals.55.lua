global print, T<const>
global x, y = 1, 2
global function f() return x + y end
print(f)
