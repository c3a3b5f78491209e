-- dialects: 5.4 5.5
print(pcall(coroutine.close, coroutine.running()))
