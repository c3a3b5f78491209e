-- dialects: 5.4 5.5
local function counter()
  local n = 0
  return function() n = n + 1; return n end, function() return n end
end
local inc, get = counter()
inc() inc()
print(get())
local fs = {}
for n = 1, 3 do local i = n; fs[n] = function() i = i * 10; return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]())
local k = 1
local ws = {}
while k <= 3 do local j = k; ws[k] = function(d) j = j + d; return j end; k = k + 1 end
print(ws[1](5), ws[1](5), ws[2](1), ws[3](0))
local r = {}
repeat local x = #r; r[#r + 1] = function() return x end until x == 2
print(r[1](), r[2](), r[3]())
print((function(...) local a <const> = ...; return function() return a end end)(7)())
print(debug.upvalueid(inc, 1) == debug.upvalueid(get, 1))
debug.upvaluejoin(fs[1], 1, fs[3], 1)
print(fs[1](), fs[3]())
