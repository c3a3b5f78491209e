-- Rams hold their ground, and charge what comes near or has hit them.

local SIGHT = 8
local angry = {}

arena.unit("ram", { health = 60, speed = 0.8, damage = 10, behaviour = "hold" })

arena.behaviour("hold", function(world, unit)
  local enemy = world:nearest_enemy(unit)
  if not enemy then return end
  local distance = unit:distance(enemy)
  if distance <= Unit.REACH then
    world:strike(unit, enemy)
  elseif distance < SIGHT or angry[unit.id] then
    world:move_to(unit, enemy.position)
  else
    -- A slow step towards the middle keeps the herd together.
    world:move_to(unit, unit.position * 0.95)
  end
end)

arena.on_hit(function(world, unit, damage)
  angry[unit.id] = (angry[unit.id] or 0) + damage
end)
