print(#arg, ...)
for i = -1, #arg do print(i, i == -1 or arg[i]) end
