def greet(name, cheers=None, mark="!"):
    name = name.strip() or "friend"
    cheers = cheers or 1
    return f"Hello, {name}{mark * cheers}"
