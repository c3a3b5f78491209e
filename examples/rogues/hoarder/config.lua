return { title = "The Hoarder", team = "orange", squad = { { kind = "magpie", count = 3 } } }
