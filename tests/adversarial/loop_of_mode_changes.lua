-- ends with: instruction budget exceeded
while true do collectgarbage('generational') collectgarbage('incremental') end
