"""Imports that the policy forbids, in every form that names the module."""

import ast


class Imports:
    """Sees each node once, and learns by which names a program calls the functions that import."""

    def __init__(self, forbidden):
        self._forbidden = frozenset(forbidden)
        self._importlib = {'importlib', 'builtins'}
        self._import_module = set()
        self._rules = {
            ast.Import: self._import,
            ast.ImportFrom: self._from,
            ast.Call: self._call,
            ast.Name: self._name,
        }

    def findings(self, node):
        rule = self._rules.get(type(node))
        return () if rule is None else rule(node)

    def _import(self, node):
        for alias in node.names:
            if alias.name in ('importlib', 'builtins') and alias.asname:
                self._importlib.add(alias.asname)
            yield from self._judge(alias, alias.name)

    def _from(self, node):
        if node.level > 0:
            return
        for alias in node.names:
            if (node.module, alias.name) in (('importlib', 'import_module'), ('importlib', '__import__')):
                self._import_module.add(alias.asname or alias.name)
            yield from self._judge(alias, f'{node.module}.{alias.name}')

    def _name(self, node):
        if node.id == '__import__' and '__import__' in self._forbidden:
            advice = 'Write an `import` statement for the module you need; `__import__` may not be used here.'
            yield node, 'forbidden_import', advice

    def _call(self, node):
        called = self._import_function(node.func)
        if called is None:
            return
        name = node.args[0] if node.args else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield from self._judge(node, name.value)
        elif self._forbidden and called not in self._forbidden:
            advice = f'Name the module in an `import` statement; what `{called}` imports cannot be checked.'
            yield node, 'dynamic_import', advice

    def _import_function(self, function):
        if isinstance(function, ast.Name):
            known = function.id == '__import__' or function.id in self._import_module
            return function.id if known else None
        if isinstance(function, ast.Attribute) and function.attr in ('import_module', '__import__'):
            owner = function.value
            if isinstance(owner, ast.Name) and owner.id in self._importlib:
                return function.attr
        return None

    def _judge(self, node, module):
        rule = self._rule_for(module)
        if rule is not None:
            advice = f'Solve the task without `{rule}`, which may not be imported here.'
            yield node, 'forbidden_import', advice

    def _rule_for(self, module):
        """The forbidden name that this module is or lies below."""
        parts = module.split('.')
        names = ('.'.join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((name for name in names if name in self._forbidden), None)
