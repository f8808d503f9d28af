def greet(name, cheers, mark):
    name = name.strip()
    if name == "":
        name = "friend"
    return f"Hello, {name}{mark * cheers}"
