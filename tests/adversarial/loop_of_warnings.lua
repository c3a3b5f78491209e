-- ends with: instruction budget exceeded
warn('@on') while true do warn('x') end
