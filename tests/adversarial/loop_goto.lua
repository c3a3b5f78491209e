-- ends with: instruction budget exceeded
::again:: goto again
