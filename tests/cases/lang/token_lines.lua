-- dialects: 5.4 5.5
-- The lines that have code, in programs whose tokens stand on as many lines.

local seed = 2
local function rnd(n) seed = (seed * 1103515245 + 12345) % 2147483648; return (seed >> 8) % n + 1 end
local stats = {
 "local a , b = 1 , 2", "a , b = b , a", "local t = { 1 , 2 , x = a , [ b ] = 3 ; f ( ) }", "f ( a , g ( b ) , ... )", "t . x . y = a + b * - c",
 "t [ a ] [ b ] = not c", "if a == 1 and b or c then f ( ) elseif a < b then g ( ) else h ( ) end", "while a < 10 do a = a + 1 if a then break end end",
 "repeat local x = f ( ) until x == a or b", "for i = 1 , a , 2 do f ( i ) end", "for k , v in pairs ( t ) do g ( k , v ) end",
 "local s = a .. b .. 'x' .. c", "o : m ( a , b ) : n { 1 , x = 2 } . z = 5", "do local q <const> = 5 ; f ( q ) end", "local z <close> = nil",
 "goto l1 ; f ( ) ; ::l1:: g ( )", "local v1 , v2 = ...", "local x = ( a ) ( b ) [ c ]", "a . b . c ( 'x' ) . d = # t", "local y = a and b or { ... }",
 "f 'str' { 1 } 'x'", "local function loc ( p , q ) return p end", "function t . f . g : h ( x ) self . y = x end", "local u = function ( ) end", "x = a < b == ( c >= d )",
 "x = 2 ^ 3 ^ a // b", "local n = nil , nil", "x , y . z , t [ 1 ] = f ( )", "if not a then end", "if a then goto l2 end do end ::l2:: ;",
 "x = a & b | ~ c << 1", "while true do local w = 1 ; local c1 = function ( ) return w end ; if w then break end end", "x = ( f ( ) )", "x = { f ( ) , ( f ( ) ) , n = g ( ) , h ( ) }", 
 "return f ( a , b )", "return a , b", "return ( f ( ) )", "return", "return ... ", "return a == b , not c",
}
for n = 1, 400 do
  local c = {"return function ( ... )"}
  local has = {}
  for k = 1, rnd(4) do
    local s = stats[rnd(#stats - 6)]
    local l = s:match("::(l%d)::")
    if not (l and has[l]) and not (s:find("<close>") ) then if l then has[l] = true end c[#c+1] = "do " .. s .. " end" end
    if not s:find("goto") and not s:find("close") then c[#c+1] = s end
  end
  if rnd(3) == 1 then c[#c+1] = stats[#stats - 6 + rnd(6)] end
  c[#c+1] = "end"
  local s = table.concat(c, " ")
  s = s:gsub(" ", function() if rnd(3) == 1 then return "\n" end end)
  local f, m = load(s, "=x")
  if not f then print(n, m) else
    local L = {}
    for l in pairs(debug.getinfo(f(), "L").activelines) do L[#L+1] = l end
    table.sort(L)
    print(n, table.concat(L, " "))
  end
end
