return {
  title = "Grey Pack",
  team = "grey",
  squad = {
    { kind = "wolf", count = 5 },
    { kind = "alpha", count = 1 },
  },
  aggression = 0.8,
}
