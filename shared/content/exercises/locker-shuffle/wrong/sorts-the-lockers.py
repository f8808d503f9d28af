things = sorted([input(), input(), input()], reverse=True)
print(things[0])
print(things[2])
print(things[1])
