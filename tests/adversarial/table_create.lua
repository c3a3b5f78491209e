-- ends with: instruction budget exceeded
table.create(1 << 28)
