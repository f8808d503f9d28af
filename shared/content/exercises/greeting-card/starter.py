def greet(name, cheers=1, mark="!"):
    return "Hello"
