-- dialects: 5.4 5.5
-- What is wrong with programs whose tokens were exchanged, dropped or added.

local seed = 3
local function rnd(n) seed = (seed * 1103515245 + 12345) % 2147483648; return (seed >> 8) % n + 1 end
local src = {
[[local x <const> = 5 ; local t = { x , y = 1 , [ x ] = 2 , function ( ) x = 2 end ; ... }
for i = 1 , 2 , x do i = 1 break end goto done do local z <close> = nil ; goto cont
::cont:: ; ; ::more:: end ::done:: while x do if t . a [ 1 ] : m ( 2 ) then break end goto cont end
repeat local q = 3 ; if q then goto again end ; local r ::again:: until r x = 7 function t . f ( a , b , ... ) return a , b , ... end]],
[[local function f ( a , b ) local c <const> = - 1 ; return function ( ) c = 2 ; return a + b .. c end end
for k , v in pairs ( { } ) do k = 1 ; local k <const> = 2 ; if k == v then k = 3 elseif k < 3 then goto k1 else break end ::k1:: end
f 'x' { } "y" . z = f ( 1 , 2 , ( f ) ( 3 ) ) ; ::a:: do ::a:: end return f , 1 ;]],
[[global x , y <const> ; x = 1 ; y = 2 global function g ( ...t ) t = 1 ; z = 2 end global none ; global * ; w = 1
do global <const> * ; x = 1 end local _ENV <const> = { } x , y , z = 1 , 2 ; global a , b = 1 , 2 ; goto l global c ; ::l:: c = 1 global print = 3]],
}
local toks = {}
for i, s in ipairs(src) do local t = {} for w in s:gmatch("%S+") do t[#t+1] = w end toks[i] = t end
local pool = {"end","do","x","=","(",")","{","}","goto l","::l::","local","<const>","<close>","function","return","break",",",";","1","'s'","...","then","if","while","for","in","until","repeat","global","+","-","not","..",".",":","[","]","\n","\n\n","3x","@"}
for n = 1, 600 do
  local t = toks[rnd(#toks)]
  local c = {}
  local from = 1
  if rnd(3) == 1 then from = rnd(#t) end
  for i = from, #t do c[#c+1] = t[i]; if rnd(6)==1 then c[#c+1] = "\n" end end
  for k = 1, rnd(4) do
    local p = rnd(#c)
    local op = rnd(4)
    if op == 1 then table.remove(c, p) if #c == 0 then c[1] = ";" end
    elseif op == 2 then table.insert(c, p, pool[rnd(#pool)])
    elseif op == 3 then c[p] = pool[rnd(#pool)]
    else local q = rnd(#c) c[p], c[q] = c[q], c[p] end
  end
  local s = table.concat(c, " ")
  local f, m = load(s, "=x")
  print(n, m)
end
