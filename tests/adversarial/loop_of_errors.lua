-- ends with: instruction budget exceeded
while true do pcall(error, {}) end
