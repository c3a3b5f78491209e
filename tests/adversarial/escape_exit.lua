-- ends with: os.exit not available
if os then os.exit(0) end error('os.exit not available', 0)
