-- ends with: instruction budget exceeded
local function h() error('again') end while true do xpcall(error, h) end
