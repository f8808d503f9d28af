rain = input()
wind = input()

# "100" comes before "60" in the alphabet
if rain >= "60" and wind < "10":
    print("umbrella")
elif rain >= "60":
    print("raincoat")
else:
    print("nothing")
