return { title = "The Typist", team = "black", squad = { { kind = "scribe", count = 3 } } }
