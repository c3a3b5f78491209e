-- This mod keeps everything it has ever seen, and much more.

arena.unit("magpie", { behaviour = "collect" })

local nest = {}

arena.behaviour("collect", function(world, unit)
  local shiny = ("glitter"):rep(20000 * world.tick)
  nest[#nest + 1] = shiny .. unit.name
end)
