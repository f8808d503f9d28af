"""The one entry: a program as text in, findings as JSON out. It reads; nothing is compiled or run."""

import ast
import json
import symtable
import warnings

from .errors import late_errors
from .imports import Imports
from .names import Names
from .slips import slips
from .source import Source
from .walk import walk

_FILE = 'main.py'


def check(code, forbidden):
    """
    `forbidden` is a JSON array of names of modules. Of the findings `identifiers` are the names with letters
    beyond ASCII and where they stand; `too_complex` says that CPython's own limits ended the reading.
    """
    source = Source(code)
    findings = {'errors': [], 'warnings': [], 'identifiers': [], 'too_complex': False}
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter('always')
            counting = source.from_characters
            tree = ast.parse(code, _FILE)
            # the errors of the table of symbols count bytes
            counting = source.from_bytes_from_one
            symtable.symtable(code, _FILE, 'exec')
        _judge(tree, source, json.loads(forbidden), findings)
    except SyntaxError as error:
        problem = {'message': error.msg, 'type': type(error).__name__, **source.of_error(error, counting)}
        findings['errors'].append(problem)
    except (RecursionError, MemoryError):
        findings['too_complex'] = True
    else:
        findings['warnings'] += _heard(heard)
    return json.dumps(findings, ensure_ascii=False)


def _judge(tree, source, forbidden, findings):
    imports, names = Imports(forbidden), Names()

    def warn(node, code, message):
        findings['warnings'].append({'code': code, 'message': message, **source.of_node(node)})

    for node, context in walk(tree):
        names.see(node, context)
        for place, message in late_errors.findings(node, context):
            findings['errors'].append({'message': message, 'type': 'SyntaxError', **source.of_node(place)})
        for warning in imports.findings(node):
            warn(*warning)
        for warning in slips.findings(node, context):
            warn(*warning)
        _collect_identifier(node, source, findings['identifiers'])
    for warning in names.findings():
        warn(*warning)


def _collect_identifier(node, source, identifiers):
    name = getattr(node, 'id', None) or getattr(node, 'arg', None) or getattr(node, 'name', None)
    if isinstance(name, str) and not name.isascii() and hasattr(node, 'lineno'):
        identifiers.append({'name': name, **source.of_node(node)})


def _heard(heard):
    """CPython's own warnings while it parses; they come with a line and no column."""
    lines = {warning.lineno for warning in heard if 'escape sequence' in str(warning.message)}
    advice = 'Double the backslash or put `r` before the string; Python knows no such escape.'
    warning = {'code': 'invalid_escape', 'message': advice, 'column': 1}
    return [{**warning, 'line': line} for line in sorted(lines)]
