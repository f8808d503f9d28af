def greet(name, cheers=1, mark="!"):
    if name.strip() == "":
        name = "friend"
    return f"Hello, {name}{mark * cheers}"
