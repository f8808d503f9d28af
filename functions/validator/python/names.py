"""Names that nobody defines, and values that nobody reads."""

import ast
import builtins
import difflib

_KNOWN = frozenset(dir(builtins)) | {'__file__', '__annotations__', '__builtins__', '__class__'}
# of each kind: to compare names takes time
_MOST = 20
# functions through which names come and go that no text shows
_DYNAMIC = {'exec', 'eval', 'globals', 'locals', 'vars'}


class Names:
    """Scopes are left out: a name counts as defined when anything in the program defines it."""

    def __init__(self):
        self._defined = set()
        self._read = {}
        self._assigned = {}
        self._unknowable = False
        self._see = {
            ast.Name: self._name,
            ast.arg: lambda node, context: self._defined.add(node.arg),
            ast.alias: self._alias,
            ast.Global: self._declared,
            ast.Nonlocal: self._declared,
            ast.MatchMapping: lambda node, context: self._defined.add(node.rest),
            ast.AugAssign: self._changed,
            ast.Assign: self._assignment,
            ast.AnnAssign: self._assignment,
        }
        named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
        patterns = (ast.MatchAs, ast.MatchStar, ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple)
        self._see |= dict.fromkeys(named + patterns, lambda node, context: self._defined.add(node.name))

    def see(self, node, context):
        note = self._see.get(type(node))
        if note is not None:
            note(node, context)

    def _name(self, node, context):
        if isinstance(node.ctx, ast.Store):
            self._defined.add(node.id)
        else:
            self._unknowable = self._unknowable or node.id in _DYNAMIC
            self._read.setdefault(node.id, node)

    def _alias(self, node, context):
        self._unknowable = self._unknowable or node.name == '*'
        self._defined.add(node.asname or node.name.partition('.')[0])

    def _declared(self, node, context):
        # who declares a name so assigns it for others
        for name in node.names:
            self._read.setdefault(name, None)

    def _changed(self, node, context):
        if isinstance(node.target, ast.Name):
            self._read.setdefault(node.target.id, node.target)

    def _assignment(self, node, context):
        if context.function is None:
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and not target.id.startswith('_'):
                self._assigned.setdefault(target.id, target)

    def findings(self):
        if self._unknowable:
            return
        unknown = [name for name, node in self._read.items() if node is not None and not self._knows(name)]
        for name in unknown[:_MOST]:
            yield self._read[name], 'undefined_name', self._advice(name)
        unread = [name for name in self._assigned if name not in self._read]
        for name in unread[:_MOST]:
            advice = f'Use `{name}` or remove it; nothing reads this value.'
            yield self._assigned[name], 'unused_variable', advice

    def _knows(self, name):
        return name in self._defined or name in _KNOWN

    def _advice(self, name):
        candidates = [one for one in self._defined | _KNOWN if one and one[0] == name[0]]
        close = []
        if len(name) <= 40 and len(candidates) <= 500:
            close = difflib.get_close_matches(name, candidates, 1, 0.7)
        if close:
            return f'Define `{name}` before using it; did you mean `{close[0]}`?'
        return f'Define or import `{name}` before using it.'
