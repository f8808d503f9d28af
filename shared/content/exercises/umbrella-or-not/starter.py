rain = int(input())
wind = int(input())

if rain > 50:
    print("umbrella")
