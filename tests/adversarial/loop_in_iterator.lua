-- ends with: instruction budget exceeded
for i in function() return 1 end do end
