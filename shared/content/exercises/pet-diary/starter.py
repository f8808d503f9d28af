class Pet:
    def __init__(self, name):
        self.name = name

    def feed(self):
        pass

    def play(self):
        pass

    def report(self):
        return self.name


# This part is finished.
def day_care(names, acts):
    pets = {name: Pet(name) for name in names}
    for act in acts:
        name, what = act.split()
        if what == "feed":
            pets[name].feed()
        else:
            pets[name].play()
    return [pets[name].report() for name in names]
