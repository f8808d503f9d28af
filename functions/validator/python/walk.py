"""
A walk over a tree that knows where it is. It keeps its own stack: programs nest deeper than Python calls do.
"""

import ast
from dataclasses import dataclass, replace

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True)
class Context:
    """What encloses a node."""

    function: ast.AST | None = None  # the nearest function or lambda; None in a class's body
    in_loop: bool = False
    in_handler_group: bool = False  # of except*, which may not be left by break, continue or return
    in_comprehension: bool = False
    in_class: bool = False  # directly in its body


def walk(tree):
    """Each node with its context, in the order of the text."""
    stack = [(tree, Context())]
    while stack:
        node, context = stack.pop()
        yield node, context
        stack.extend(reversed(list(_children(node, context))))


def _children(node, context):
    within, fields = _inner(node, context)
    for name in node._fields:
        value = getattr(node, name, None)
        below = within if name in fields else context
        if isinstance(value, ast.AST):
            yield value, below
        elif isinstance(value, list):
            for member in value:
                if isinstance(member, ast.AST):
                    yield member, below


def _inner(node, context):
    """
    The context inside a node, and the fields that are inside: decorators and defaults belong to what encloses it.
    """
    if isinstance(node, FUNCTIONS):
        return Context(function=node), ('body',)
    if isinstance(node, ast.ClassDef):
        return Context(in_class=True), ('body',)
    if isinstance(node, LOOPS):
        return replace(context, in_loop=True, in_handler_group=False), ('body',)
    if isinstance(node, ast.TryStar):
        return replace(context, in_loop=False, in_handler_group=True), ('handlers',)
    if isinstance(node, COMPREHENSIONS):
        return replace(context, in_comprehension=True), node._fields
    return context, ()


def blocks_of(node):
    """The blocks of a node, each a list of statements."""
    for name in ('body', 'orelse', 'finalbody'):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def in_same_function(nodes):
    """These nodes and those below that run in the same function."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            stack.extend(ast.iter_child_nodes(node))
