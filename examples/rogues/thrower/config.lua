return { title = "The Thrower", team = "red", squad = { { kind = "imp", count = 3 } } }
