return { title = "The Looper", team = "violet", squad = { { kind = "snail", count = 3 } } }
