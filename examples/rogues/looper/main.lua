-- This mod never comes to an end, and tries not to be stopped.

arena.unit("snail", { behaviour = "ponder" })

arena.behaviour("ponder", function(world, unit)
  if world.tick < 10 then return end
  while true do
    pcall(function()
      while true do end
    end)
  end
end)
