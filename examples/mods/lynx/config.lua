return {
  title = "Lone Hunters",
  team = "green",
  squad = { { kind = "lynx", count = 4 } },
  aggression = 0.3,
}
