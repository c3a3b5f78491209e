-- ends with: instruction budget exceeded
while true do tonumber('0x1234') tonumber('12e3') end
