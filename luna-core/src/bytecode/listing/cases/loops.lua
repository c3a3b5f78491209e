for i = 10, 1, -1 do
  if i == 5 then goto next end
  print(i)
  ::next::
end
for k, v in pairs(t) do t[k] = v + 1 end
repeat local done = f() until done
