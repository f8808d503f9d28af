"""Rules by the kind of node they look at: most nodes have none, and a walk asks about every node."""


class Rules:
    def __init__(self):
        self._by_kind = {}

    def on(self, *kinds):
        def register(rule):
            for kind in kinds:
                self._by_kind.setdefault(kind, []).append(rule)
            return rule

        return register

    def findings(self, node, context):
        rules = self._by_kind.get(type(node))
        if rules is None:
            return ()
        return [finding for rule in rules for finding in rule(node, context)]
