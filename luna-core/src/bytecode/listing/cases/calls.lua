local t = {}
t:m(1, ...)
local a, b = t.f(), print "x"
function t.a.b:c(x) return self, x end
return t.g(a, ...)
