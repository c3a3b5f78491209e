-- A config is Lua: it may compute.
local workers = 10

return {
  title = "The Swarm",
  team = "yellow",
  squad = {
    { kind = "queen", count = 1 },
    { kind = "worker", count = workers },
  },
  aggression = 1,
}
