-- dialects: 5.5
-- Damaged headers of binary chunks.
local good = "\27Lua\x55\0\x19\x93\r\n\x1a\n" .. string.pack("<Bi4BI4Bi8Bd", 4, -0x5678, 4, 0x12345678, 8, -0x5678, 8, -370.5)
local function try(header) print((select(2, load(header, "=chunk", "b")))) end
for cut = 1, #good - 1 do try(good:sub(1, cut)) end
local function with(at, byte) return good:sub(1, at - 1) .. string.char(byte) .. good:sub(at + 1) end
for at = 2, #good do try(with(at, 0x7f)) end
