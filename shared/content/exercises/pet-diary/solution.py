class Pet:
    def __init__(self, name):
        self.name = name
        self.energy = 5
        self.diary = []

    def feed(self):
        self.energy = min(10, self.energy + 3)
        self.diary.append("ate")

    def play(self):
        if self.energy >= 2:
            self.energy -= 2
            self.diary.append("played")
        else:
            self.diary.append("yawned")

    def report(self):
        diary = ", ".join(self.diary) or "empty"
        return f"{self.name}: energy {self.energy}, diary: {diary}"


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
