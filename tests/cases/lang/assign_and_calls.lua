-- dialects: 5.4 5.5
local a, b, c = (function() return 1, 2, 3 end)()
print(a, b, c)
a, b = b, a; print(a, b)
local t = {1, 2, 3}
local i = 1
i, t[i] = i + 1, 20; print(i, t[1], t[2])
local function f() return 1, 2 end
print(f(), f(), (f()))
print(#{f(), f()}, #{f(), (f())}, #{f(), nil}, #{[1] = 1, 2})
local o = {n = 0}; function o:add(k) self.n = self.n + k; return self end
print(o:add(1):add(2).n)
print(#'abc' + 1, -2 ^ 2, 2 ^ 3 ^ 2, not nil == true, 1 .. 2 == '12')
print(1 and 2, nil and 1, false or 'd', nil or false, 1 or error('no'))
local s = 0; for _, v in ipairs {1, 2, nil, 4} do s = s + v end print(s)
print(("x"):upper(), #[[
ab]], '\65\x42\u{43}\z
   D', "a\
b")
local big = {} for k = 1, 300 do big[k] = k end
print(select('#', table.unpack(big)), (select(300, table.unpack(big))))
local e <const> = 5; print((function() return e + 1 end)())
print(type(nil), type(print), 0x10, 1e2, .5, 3., 0xA.8p1)
local function tail(n) if n == 0 then return 'done' end return tail(n - 1) end
print(tail(200000))
