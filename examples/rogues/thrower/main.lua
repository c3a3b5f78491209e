-- This mod raises an error in the middle of the match.

arena.unit("imp", { behaviour = "wander" })

local function provoke(tick)
  error("the imps have had enough at tick " .. tick)
end

arena.on_tick(function(world)
  if world.tick == 5 then provoke(world.tick) end
end)

arena.behaviour("wander", function(world, unit)
  world:move_to(unit, unit.position * 0.9)
end)
