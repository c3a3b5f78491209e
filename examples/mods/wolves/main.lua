-- Wolves hunt the nearest enemy, and draw back for a moment after a hard blow.

local names = { "Akela", "Grey", "Leela", "Raksha", "Tala", "Fang" }
local shaken = {} -- ticks left, by unit id

function on_spawn(unit)
  unit.name = names[unit.id] or unit.name
  shaken[unit.id] = 0
end

function on_tick(unit, tick)
  local enemy = unit.enemy
  if not enemy then return end
  if shaken[unit.id] > 0 then
    shaken[unit.id] = shaken[unit.id] - 1
    unit:move_to(unit.position:plus(enemy:to(unit.position)))
  elseif unit:distance_to(enemy) <= Unit.REACH then
    unit:strike()
  else
    unit:move_to(enemy)
  end
end

function on_hit(unit, damage)
  if damage > 9 and unit.health < Unit.FULL_HEALTH / 2 then
    shaken[unit.id] = 1
  end
end
