line = input()
clean = "".join(ch for ch in line.lower() if ch.isalnum())
print("enter" if clean == clean[::-1] else "stay outside")
