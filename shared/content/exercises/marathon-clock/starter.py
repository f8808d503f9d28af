total = int(input())

hours = 0
minutes = 0
seconds = total

print(f"{hours}:{minutes}:{seconds}")
