-- dialects: 5.4 5.5
-- Old objects keep what they are given later, and nothing else outlives its last reference.
collectgarbage("generational")
print(collectgarbage("generational"))

local function churn(n)
  local t
  for i = 1, n or 30000 do t = { i, tostring(i) } end
  return t[1]
end

-- Young values stored into old tables, closures, metatables, upvalues, user values of coroutines.
local old = { list = {}, map = {} }
local kept = "start"
local function keep(v) kept = v end
local function get() return kept end
local meta = setmetatable({}, { __index = {} })
local co = coroutine.wrap(function(...)
  local last = ...
  while true do
    local got = coroutine.yield(last)
    last = { got[1] + last[1] }
  end
end)
co({ 0 })
collectgarbage()
churn()
local sum = 0
for round = 1, 20 do
  old.list[round] = { round }
  old.map["key" .. round] = { "value" .. round }
  old.map[{}] = round
  keep({ round })
  getmetatable(meta).__index["m" .. round] = { round * 2 }
  sum = co({ round })[1]
  churn(5000)
end
for round = 1, 20 do
  assert(old.list[round][1] == round)
  assert(old.map["key" .. round][1] == "value" .. round)
  assert(meta["m" .. round][1] == round * 2)
end
local count = 0
for k in pairs(old.map) do count = count + 1 end
print(count, get()[1], sum)

-- A metatable that is younger than its table.
local plain = {}
collectgarbage()
setmetatable(plain, { __index = function(_, k) return { k } end })
churn()
print(plain.x[1], getmetatable(plain).__index ~= nil)

-- Weak tables that are older than what they refer to.
local values = setmetatable({}, { __mode = "v" })
local keys = setmetatable({}, { __mode = "k" })
local both = setmetatable({}, { __mode = "kv" })
collectgarbage()
local hold = {}
for i = 1, 10 do
  local o = { i }
  values[i], keys[o], both[o] = o, { o }, o
  if i % 2 == 0 then hold[#hold + 1] = o end
end
collectgarbage("step")
churn()
collectgarbage()
local function size(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
print(size(values), size(keys), size(both), #hold)
hold = nil
collectgarbage()
print(size(values), size(keys), size(both))

-- Finalizers: young, old, resurrected.
local log = {}
local function finalized(name, after)
  return setmetatable({}, { __gc = function(o) log[#log + 1] = name if after then after(o) end end })
end
local long = finalized("old")
collectgarbage()
churn()
do local _ = finalized("young") end
local back
do local _ = finalized("back", function(o) back = o end) end
collectgarbage()
table.sort(log)
print(table.concat(log, " "), back ~= nil)
back.name = { "again" }
churn()
print(back.name[1])
long = nil
collectgarbage()
print(log[#log])

-- Strings and closures made in a loop, old upvalues written through.
local cells = {}
for i = 1, 100 do
  local v = "s" .. i
  cells[i] = { set = function(x) v = x end, get = function() return v end }
end
collectgarbage()
for i = 1, 100 do cells[i].set("n" .. i * i) churn(200) end
local ok = true
for i = 1, 100 do ok = ok and cells[i].get() == "n" .. i * i end
print(ok)

-- Changing the mode back and forth.
for i = 1, 6 do
  local before = collectgarbage(i % 2 == 0 and "generational" or "incremental")
  old[i] = { churn(3000), before }
  collectgarbage("step")
end
for i = 1, 6 do io.write(old[i][1], " ", old[i][2], " ") end
print()
