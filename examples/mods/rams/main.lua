-- Rams hold their ground, and charge what comes near or has hit them.

local SIGHT = 8
local angry = {}

function on_spawn(unit)
  unit.name = ("Ram %d"):format(unit.id)
end

function on_tick(unit, tick)
  local enemy = unit.enemy
  if not enemy then return end
  local distance = unit:distance_to(enemy)
  if distance <= Unit.REACH then
    unit:strike()
  elseif distance < SIGHT or angry[unit.id] then
    unit:move_to(enemy)
  else
    -- A slow step towards the middle keeps the herd together.
    unit:move_to(unit.position * 0.95)
  end
end

function on_hit(unit, damage)
  angry[unit.id] = (angry[unit.id] or 0) + damage
end
