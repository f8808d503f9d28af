"""
Errors that CPython finds only after parsing, while it makes code. We make none, so these rules stand in for
Python/codegen.c; the messages are CPython's own. Each yields (node, message).
"""

import ast

from .rules import Rules
from .walk import in_same_function

late_errors = Rules()


def _is_async(context):
    return isinstance(context.function, ast.AsyncFunctionDef)


@late_errors.on(ast.Return, ast.Yield, ast.YieldFrom)
def _outside_function(node, context):
    word = {ast.Return: 'return', ast.Yield: 'yield', ast.YieldFrom: 'yield from'}[type(node)]
    if context.function is None:
        yield node, f"'{word}' outside function"
    elif word == 'yield from' and _is_async(context):
        yield node, "'yield from' inside async function"


@late_errors.on(ast.Break, ast.Continue, ast.Return)
def _outside_loop(node, context):
    if context.in_handler_group:
        yield node, "'break', 'continue' and 'return' cannot appear in an except* block"
    elif isinstance(node, ast.Break) and not context.in_loop:
        yield node, "'break' outside loop"
    elif isinstance(node, ast.Continue) and not context.in_loop:
        yield node, "'continue' not properly in loop"


@late_errors.on(ast.Await)
def _await(node, context):
    if not _is_async(context) and not context.in_comprehension:
        yield node, "'await' outside async function" if context.function else "'await' outside function"


@late_errors.on(ast.AsyncFor, ast.AsyncWith)
def _async_statement(node, context):
    if not _is_async(context):
        word = 'for' if isinstance(node, ast.AsyncFor) else 'with'
        yield node, f"'async {word}' outside async function"


@late_errors.on(ast.ListComp, ast.SetComp, ast.DictComp)
def _async_comprehension(node, context):
    if _is_async(context) or context.in_comprehension:
        return
    if any(part.is_async for part in node.generators):
        yield node, 'asynchronous comprehension outside of an asynchronous function'


@late_errors.on(ast.Return)
def _value_of_async_generator(node, context):
    if node.value is not None and _is_async(context) and _is_generator(context.function):
        yield node, "'return' with value in async generator"


def _is_generator(function):
    # kept on the node: a function may return a thousand times
    if not hasattr(function, 'is_generator'):
        function.is_generator = any(isinstance(below, ast.Yield) for below in in_same_function(function.body))
    return function.is_generator


@late_errors.on(ast.Try, ast.TryStar)
def _except_order(node, context):
    for handler in node.handlers[:-1]:
        if handler.type is None:
            yield handler, "default 'except:' must be last"


@late_errors.on(ast.Assign, ast.For, ast.AsyncFor, ast.comprehension)
def _starred_target(node, context):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(target, ast.Starred) for target in targets):
        yield node, 'starred assignment target must be in a list or tuple'


@late_errors.on(ast.Tuple, ast.List)
def _starred_twice(node, context):
    if isinstance(node.ctx, ast.Store):
        if sum(isinstance(member, ast.Starred) for member in node.elts) > 1:
            yield node, 'multiple starred expressions in assignment'


@late_errors.on(ast.Expr, ast.Return, ast.Assign)
def _starred_value(node, context):
    if isinstance(node.value, ast.Starred):
        yield node, "can't use starred expression here"


@late_errors.on(ast.Call, ast.ClassDef)
def _repeated_keyword(node, context):
    seen = set()
    for keyword in node.keywords:
        if keyword.arg in seen:
            yield keyword, f'keyword argument repeated: {keyword.arg}'
        elif keyword.arg is not None:
            seen.add(keyword.arg)


@late_errors.on(ast.Match)
def _unreachable_case(node, context):
    for case in node.cases[:-1]:
        pattern = case.pattern
        if case.guard is None and isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            if pattern.name is None:
                yield pattern, 'wildcard makes remaining patterns unreachable'
            else:
                yield pattern, f"name capture '{pattern.name}' makes remaining patterns unreachable"


@late_errors.on(ast.Name, ast.arg)
def _debug(node, context):
    if getattr(node, 'id', None) != '__debug__' and getattr(node, 'arg', None) != '__debug__':
        return
    if isinstance(node, ast.arg) or isinstance(node.ctx, ast.Store):
        yield node, 'cannot assign to __debug__'
    elif isinstance(node.ctx, ast.Del):
        yield node, 'cannot delete __debug__'
