local a, b = {}, 1
a.x, b, a[b] = b, a.x, nil
a, a.y = 1, 2
global_x = a
