def rows(names, rivals):
    found = []

    def extend(row, waiting):
        # Complete? Keep it. If not, try everyone who is waiting.
        pass

    extend([], names)
    return found
