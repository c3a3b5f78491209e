-- A lynx picks the weakest enemy it can find, and leaves when it is hurt.

arena.unit("lynx", { health = 55, speed = 1.9, damage = 12, behaviour = "stalk" })

local function weakest(world, unit)
  local best
  for _, other in ipairs(world:units()) do
    if other.team ~= unit.team and (not best or other.health < best.health) then
      best = other
    end
  end
  return best
end

arena.behaviour("stalk", function(world, unit)
  local near, prey = world:nearest_enemy(unit), weakest(world, unit)
  if not prey then return end
  if unit.health < unit.full_health * config.aggression and unit:distance(near) < 4 then
    world:move_to(unit, unit.position + (unit.position - near.position))
  elseif unit:distance(near) <= Unit.REACH then
    world:strike(unit, near)
  else
    world:move_to(unit, prey.position)
  end
end)
