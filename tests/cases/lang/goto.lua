-- dialects: 5.4 5.5
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto continue end
    io.write(i, ':', j, ' ')
    ::continue::
  end
end
print()
do
  local i = 1
  ::top::
  local f = function() return i end
  if i < 4 then i = i + 1; goto top end
  print(i, f())
end
do local fs = {}
  local k = 0
  ::again:: local x = k
  fs[#fs + 1] = function() return x end
  k = k + 1
  if k < 3 then goto again end
  print(fs[1](), fs[2](), fs[3]())
end
print(load('goto nowhere'))
print(load('do ::a:: end goto a'))
print(load('goto f; local x; ::f:: print(x)'))
print(load('::a:: ::a::'))
print(load('break'))
print(load('do goto e; local x; ::e:: end return 1')())
