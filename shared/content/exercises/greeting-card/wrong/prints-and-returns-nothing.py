def greet(name, cheers=1, mark="!"):
    name = name.strip()
    if name == "":
        name = "friend"
    print(f"Hello, {name}{mark * cheers}")
