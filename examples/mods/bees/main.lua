-- Bees stay with their queen until an enemy comes near her, then all of them sting.

local queen -- her id
local target -- what the swarm is after in this tick

arena.unit("queen", { health = 30, speed = 0.7, damage = 4, behaviour = "lead" })
arena.unit("worker", { health = 14, speed = 1.8, damage = 5, behaviour = "swarm" })

arena.on_spawn(function(world, unit)
  if unit.kind == "queen" then
    queen = unit.id
    world:rename(unit, "the queen")
  end
end)

arena.on_tick(function(world)
  local her = world:unit(queen)
  target = world:nearest_enemy(her)
  if target and her:alive() and her:distance(target) > 6 + 20 * config.aggression then
    target = nil
  end
end)

arena.behaviour("lead", function(world, unit)
  local enemy = world:nearest_enemy(unit)
  if enemy and unit:distance(enemy) <= Unit.REACH then
    world:strike(unit, enemy)
  else
    world:move_to(unit, Vec2.new(0, 0))
  end
end)

arena.behaviour("swarm", function(world, unit)
  if not target then
    local her = world:unit(queen)
    if her:alive() then world:move_to(unit, her.position) end
  elseif unit:distance(target) <= Unit.REACH then
    world:strike(unit, target)
  else
    world:move_to(unit, target.position)
  end
end)
