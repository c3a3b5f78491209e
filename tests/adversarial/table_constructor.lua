-- ends with: instruction budget exceeded
while true do local t = {1, 2, 3, 4, 5, 6, 7, 8, a = 1, b = 2} end
