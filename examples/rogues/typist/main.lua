-- This mod has a typo that shows only when an enemy is near.

arena.unit("scribe", { behaviour = "write" })

arena.behaviour("write", function(world, unit)
  local enemy = world:nearest_enemy(unit)
  if enemy and unit:distance(enemy) < 15 then
    world:move_to(unit, enemy.postion)
  end
end)
