-- Wolves hunt the nearest enemy, and draw back for a moment after a hard blow.

local names = { "Akela", "Grey", "Leela", "Raksha", "Tala", "Fang" }
local shaken = {} -- ticks left, by unit id
local spawned = 0

arena.unit("wolf", { health = 40, speed = 1.4, damage = 8, behaviour = "hunt" })
arena.unit("alpha", { health = 60, speed = 1.3, damage = 11, behaviour = "hunt" })

arena.on_spawn(function(world, unit)
  spawned = spawned + 1
  world:rename(unit, names[spawned] or unit.name)
end)

arena.behaviour("hunt", function(world, unit)
  local enemy = world:nearest_enemy(unit)
  if not enemy then return end
  local ticks = shaken[unit.id] or 0
  if ticks > 0 then
    shaken[unit.id] = ticks - 1
    world:move_to(unit, unit.position + (unit.position - enemy.position))
  elseif unit:distance(enemy) <= Unit.REACH then
    world:strike(unit, enemy)
  else
    world:move_to(unit, enemy.position)
  end
end)

arena.on_hit(function(world, unit, damage)
  if damage > 9 and unit.health < unit.full_health * (1 - config.aggression) then
    shaken[unit.id] = 2
  end
end)
