"""Slips of beginners that the grammar allows. Each rule yields (node, code, what to do)."""

import ast
import builtins

from .rules import Rules
from .walk import LOOPS, blocks_of, in_same_function

slips = Rules()

_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith('_'))
_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BRANCHES = (ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.ExceptHandler, ast.match_case)
_LEAVES = {ast.Break: 'break', ast.Continue: 'continue', ast.Return: 'return', ast.Raise: 'raise'}
# of calls that end a loop; input() and next() do so with an exception when there is no more
_ENDING_CALLS = {'exit', 'quit', '_exit', 'abort', 'input', 'next', 'throw'}


@slips.on(ast.ExceptHandler)
def _bare_except(node, context):
    if node.type is None:
        advice = 'Name the exception you expect, for example `except ValueError:`'
        yield node, 'bare_except', f'{advice}; a bare `except:` also hides typing mistakes.'


@slips.on(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
def _mutable_default(node, context):
    for default in [*node.args.defaults, *node.args.kw_defaults]:
        if isinstance(default, _CONTAINERS) or _makes_container(default):
            advice = 'Use `None` as the default and make the value inside the function'
            yield default, 'mutable_default', f'{advice}; this one is shared by all calls.'


def _makes_container(node):
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in ('list', 'dict', 'set', 'bytearray')


@slips.on(ast.Compare)
def _identity_of_literal(node, context):
    operands = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, operands, operands[1:]):
        if isinstance(operator, (ast.Is, ast.IsNot)) and (_is_literal(left) or _is_literal(right)):
            sign, wrong = ('==', 'is') if isinstance(operator, ast.Is) else ('!=', 'is not')
            advice = f'Compare values with `{sign}`; `{wrong}` asks whether they are the same object.'
            yield node, 'is_literal', advice


def _is_literal(node):
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Constant):
        return node.value is not None and node.value is not ... and not isinstance(node.value, bool)
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.JoinedStr))


@slips.on(ast.Module, *_DEFINITIONS, *LOOPS, *_BRANCHES)
def _unreachable(node, context):
    for block in blocks_of(node):
        for statement, following in zip(block, block[1:]):
            word = _LEAVES.get(type(statement))
            if word is not None:
                advice = f'Move or remove this line: it comes after `{word}` and never runs.'
                yield following, 'unreachable_code', advice
                break


@slips.on(ast.While)
def _endless_loop(node, context):
    always = isinstance(node.test, ast.Constant) and bool(node.test.value)
    if always and not _breaks(node.body) and not any(map(_may_end, in_same_function(node.body))):
        advice = 'Add a `break` or a condition that becomes false; this loop never ends.'
        yield node, 'endless_loop', advice


def _may_end(node):
    if isinstance(node, ast.Call):
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, 'id', None)
        return called in _ENDING_CALLS
    return isinstance(node, (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await, ast.Assert))


def _breaks(statements):
    """Whether a break among these leaves the loop that they are the body of."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, LOOPS):
            stack.extend(node.orelse)
        elif not isinstance(node, _DEFINITIONS):
            for block in blocks_of(node):
                stack.extend(block)
            stack.extend(getattr(node, 'handlers', ()))
            stack.extend(getattr(node, 'cases', ()))
    return False


@slips.on(ast.Name, ast.arg, *_DEFINITIONS)
def _shadowed_builtin(node, context):
    if isinstance(node, ast.Name):
        name = node.id if isinstance(node.ctx, ast.Store) else None
    else:
        name = node.arg if isinstance(node, ast.arg) else node.name
    # a class's own names hide nothing: they are reached through it
    hides = isinstance(node, ast.arg) or not context.in_class
    if name in _BUILTINS and hides:
        advice = f'Choose another name than `{name}`, which hides the built-in `{name}`.'
        yield node, 'shadowed_builtin', advice


@slips.on(ast.Expr)
def _unused_comparison(node, context):
    value = node.value
    if not isinstance(value, ast.Compare):
        return
    if len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        advice = 'Write `=` to assign; `==` compares, and nothing uses the result here.'
    else:
        advice = 'Use the result of this comparison, for example in an `if`.'
    yield node, 'unused_comparison', advice


@slips.on(ast.Expr)
def _missing_call(node, context):
    value = node.value
    if isinstance(value, ast.Name) and callable(getattr(builtins, value.id, None)):
        name = value.id
    elif isinstance(value, ast.Attribute):
        name = value.attr
    else:
        return
    yield node, 'missing_call', f'Write `{name}()` with parentheses to call it.'


@slips.on(ast.Assert)
def _assert_tuple(node, context):
    if isinstance(node.test, ast.Tuple) and node.test.elts:
        yield node, 'assert_tuple', 'Remove the parentheses after `assert`; a tuple is always true.'
