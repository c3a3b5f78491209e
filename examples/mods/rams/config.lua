-- What is not said has a default: see ModConfig.
return {
  title = "Stone Herd",
  team = "blue",
  squad = { { kind = "ram", count = 6 } },
}
