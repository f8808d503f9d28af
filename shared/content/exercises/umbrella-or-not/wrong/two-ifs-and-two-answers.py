rain = int(input())
wind = int(input())

if rain >= 60:
    print("umbrella")
if rain >= 60 and wind >= 10:
    print("raincoat")
if rain < 60:
    print("nothing")
