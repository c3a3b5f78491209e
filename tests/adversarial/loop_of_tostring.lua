-- ends with: instruction budget exceeded
while true do tostring(1.5) tostring(12345) end
