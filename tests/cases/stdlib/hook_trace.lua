-- dialects: 5.4 5.5
-- All events of small programs, with what calls and returns pass. Where a native's results lie is its own matter.

local function show(value)
  local kind = type(value)
  if kind == "string" or kind == "number" or kind == "nil" or kind == "boolean" then return tostring(value) end
  return kind
end

local function trace(source, mask)
  local program = assert(load(source, "=program"))
  local out = {}
  debug.sethook(function(event, line)
    local info = debug.getinfo(2, "Slnrtu")
    if info.short_src ~= "program" and info.what ~= "C" then return end
    local text = event .. (line and " " .. line or "")
    if event ~= "line" then
      text = text .. " " .. info.what .. " " .. tostring(info.name) .. " " .. info.namewhat .. " at " .. info.currentline
        .. (info.istailcall and " tail" or "") .. " transfers " .. info.ntransfer
      if info.what ~= "C" and info.ntransfer > 0 then text = text .. " from " .. info.ftransfer end
      for i = info.ftransfer, info.ftransfer + info.ntransfer - 1 do
        local name, value = debug.getlocal(2, i)
        text = text .. " " .. tostring(name) .. "=" .. show(value)
      end
    end
    out[#out + 1] = text
  end, mask)
  pcall(program, 10, 20)
  debug.sethook()
  print("-- " .. mask .. "\n" .. source)
  print(table.concat(out, "\n"))
end

local programs = {
  [[
for i = 1, 3 do
  local j = i
  local f = function() return j end
  if i == 2 then
    break
  end
end
local x = 1]],
  [[
while true do
  local j = 1
  local f = function() return j end
  break
end
do
  local k = 2
  local g = function() return k end
end
local x = 1]],
  [[
repeat
  local j = 1
  local f = function() return j end
  if f then break end
until j
repeat
  local j = 1
  local f = function() return j end
until j
local x = 1]],
  [[
for i = 1, 2 do
  local c <close> = nil
  do
    local d <close> = nil
    if i == 1 then
      goto continue
    end
  end
  ::continue::
end
local x = 1]],
  [[
local function f(
  ...
)
  local a,
    b = ...
  return a
end
f(1,
  2)
f()]],
  [[
for k,
  v
in
  pairs
  {
    1,
    2,
  }
do
  local x =
    k
end]],
  [[
for i =
  1,
  2
do
  local x =
    i
end]],
  [[
for _, v in ipairs
  {10} do
  local y = v
end
for w in string.gmatch("a b", "%a") do local z = w end]],
  [[
local function f(a, b) return b, a end
local function g(...) return f(...) end
local t = setmetatable({}, {
  __index = function(t, k) return k end,
  __call = function(self, a) return a, a end,
  __add = function(a, b) return 5 end,
})
local a, b = g(1, 2)
local c = t.x
local d = t + 1
local e, h = t(3)
return f(a, b)]],
  [[
local a = math.max(1, 2, 3)
local b = select("#", 1, 2)
local c, d = select(2, "x", "y", "z")
local e = ("x"):rep(3)
local ok, m = pcall(error, "oops")
local n = tostring(nil)
local t = {}
t.x = 1
return string.byte("abc", 1, 3)]],
  [[
local function fail() error("oops") end
local ok, m = pcall(fail)
local ok2, m2 = xpcall(fail, function(e) return e end)
local co = coroutine.wrap(function(a) local b = coroutine.yield(a) return b end)
co(1)
co(2)
local s = string.gsub("abc", "%a", function(c) return c:upper() end)
table.sort({3, 1, 2}, function(a, b) return a < b end)]],
  [[
if nil then
  local a = 1
elseif 1 ==
  2 then
  local b = 2
else
  local c = 3
end
local t = {
  1,
  x = 2,
  f = function()
  end,
}
goto done
local a
do end
::done::]],
  [[
local a = 1
local b =
  a
  +
  2
print = print
local c = a == 1 and
  b or
  nil
local d = not
  a
local e = a ..
  b ..
  "x"
a, b =
  b,
  a
return
  a]],
  [[
local i = 0
while i < 2 do i = i + 1 end
while
  i < 4
do
  i = i + 1
end
repeat i = i + 1 until i > 6
repeat
  i = i + 1
until
  i > 8
for i = 1, 0 do local x end
for i = 1, 1 do end]],
}

for _, source in ipairs(programs) do
  trace(source, "l")
  trace(source, "cr")
  trace(source, "crl")
end

if load("local function f(...t) end") then
  for _, source in ipairs{
    [[
local function f(...t)
  local a = t[1]
  local b = t.n
  return t
end
f(1, 2)]],
    [[
local function f(a, ...t)
  return t.n
end
f(1, 2)]],
    [[
local function f(
  a,
  ...t
)
  local g = function() return t end
  t = nil
end]],
    [[
local function f(
  a,
  ...t
)
  local g = function() return t end
  return g
end
f(1,
  2)]],
    [[
global print
global x = 1
global function f()
end
f()]],
  } do
    local ok = load(source)
    if ok then
      trace(source, "l")
      trace(source, "crl")
    end
  end
end
