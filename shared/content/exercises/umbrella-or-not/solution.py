rain = int(input())
wind = int(input())

if rain >= 60 and wind < 10:
    print("umbrella")
elif rain >= 60:
    print("raincoat")
else:
    print("nothing")
