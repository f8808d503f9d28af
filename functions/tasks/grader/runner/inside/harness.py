"""Runs one test of a learner's program. Lives in the memory snapshot; knows no expected output.

A learner can reach and change all of this. It gains nothing: what leaves the isolate is only what the program
printed or returned, and the comparison happens elsewhere.
"""


def _lyceum_prepare():
    import asyncio
    import asyncio.base_events
    import atexit
    import builtins
    import collections
    import json
    import linecache
    import random
    import sys
    import time
    import traceback
    import types
    from json.encoder import encode_basestring_ascii as quote

    FILE = 'main.py'
    MOST_FRAMES = 12
    MOST_MESSAGE = 4000
    DEEPEST = 40

    # Freed when memory runs out, so that the message can still be written.
    reserve = [bytearray(2_000_000)]

    # --- a clock on which waiting costs nothing -------------------------------------------------------------

    waited = [0.0]

    def shift(read):
        return lambda: read() + waited[0]

    def shift_ns(read):
        return lambda: read() + int(waited[0] * 1e9)

    for name in ('time', 'monotonic', 'perf_counter'):
        setattr(time, name, shift(getattr(time, name)))
        setattr(time, name + '_ns', shift_ns(getattr(time, name + '_ns')))

    def sleep(seconds, /):
        """Suspends execution for the given number of seconds (of this program's own clock)."""
        seconds = float(seconds)
        if seconds != seconds or seconds < 0:
            raise ValueError('sleep length must be non-negative')
        waited[0] += seconds

    time.sleep = sleep

    class Waiting:
        """In place of a selector: nothing comes from outside, so the next timer is all there is to wait for."""

        def select(self, timeout=None):
            if timeout is None:
                raise RuntimeError('the program waits for something that never happens')
            waited[0] += max(0.0, timeout)
            return []

        def close(self):
            pass

    class Loop(asyncio.base_events.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = Waiting()

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = Loop

    asyncio.events._set_event_loop_policy(Policy())
    leave_loop = asyncio.events._set_running_loop

    # --- values as tagged JSON ------------------------------------------------------------------------------

    class TooDeep(Exception):
        pass

    def encode(value, depth=0):
        # Exact types only, and nothing of the learner's takes part: no __eq__, no __repr__, no json.
        if depth > DEEPEST:
            raise TooDeep
        kind = type(value)
        if value is None:
            return 'null'
        if kind is bool:
            return 'true' if value else 'false'
        if kind is int:
            if -(2**53) < value < 2**53:
                return int.__repr__(value)
            # Beyond 4,300 digits Python itself refuses to write a decimal.
            return '{"$int":"%s"}' % (int.__format__(value, '#x') if abs(value) >= 10**4000 else value)
        if kind is float:
            return '{"$float":"%s"}' % float.__repr__(value)
        if kind is str:
            return quote(value)
        if kind is list:
            return '[' + ','.join([encode(item, depth + 1) for item in value]) + ']'
        if kind is tuple:
            return '{"$tuple":[' + ','.join([encode(item, depth + 1) for item in value]) + ']}'
        if kind is set or kind is frozenset:
            return '{"$set":[' + ','.join(sorted([encode(item, depth + 1) for item in value])) + ']}'
        if kind is dict:
            pairs = ['[%s,%s]' % (encode(k, depth + 1), encode(v, depth + 1)) for k, v in value.items()]
            return '{"$dict":[' + ','.join(pairs) + ']}'
        if kind is bytes:
            return '{"$bytes":"%s"}' % value.hex()
        return '{"$other":%s}' % quote(type.__getattribute__(kind, '__name__')[:200])

    def decode(value):
        if type(value) is list:
            return [decode(item) for item in value]
        if type(value) is not dict:
            return value
        if len(value) == 1:
            [(tag, inner)] = value.items()
            if tag == '$float':
                return float(inner)
            if tag == '$int':
                return int(inner)
            if tag == '$tuple':
                return tuple(decode(item) for item in inner)
            if tag == '$set':
                return {decode(item) for item in inner}
            if tag == '$bytes':
                return bytes.fromhex(inner)
            if tag == '$dict':
                return {decode(k): decode(v) for k, v in inner}
        return {key: decode(item) for key, item in value.items()}

    # --- errors, as a learner should see them ---------------------------------------------------------------

    def frames_of(tb):
        """The learner's own frames: the first and the last ones when there are many."""
        first, last, count = [], collections.deque(maxlen=MOST_FRAMES // 2), 0
        while tb is not None:
            if tb.tb_frame.f_code.co_filename == FILE:
                count += 1
                if len(first) < MOST_FRAMES // 2:
                    first.append(tb)
                else:
                    last.append(tb)
            tb = tb.tb_next
        chosen = [traceback.extract_tb(one, limit=1)[0] for one in [*first, *last]]
        return chosen, count - len(chosen), len(first)

    def describe(kind, error, tb):
        """type, message, line, column"""
        if isinstance(error, SyntaxError) and error.filename == FILE:
            text = ''.join(traceback.format_exception_only(kind, error))
            return kind.__name__, text, error.lineno, error.offset
        frames, left_out, split = frames_of(tb)
        lines = traceback.format_list(frames)
        if left_out > 0:
            lines.insert(split, '  … %d more frames\n' % left_out)
        text = ('Traceback (most recent call last):\n' + ''.join(lines)) if lines else ''
        text += ''.join(traceback.format_exception_only(kind, error))
        place = frames[-1] if frames else None
        column = None if place is None or place.colno is None else place.colno + 1
        return kind.__name__, text, place and place.lineno, column

    def shorten(text):
        if len(text) <= MOST_MESSAGE:
            return text
        return text[: MOST_MESSAGE * 3 // 4] + '\n…\n' + text[-MOST_MESSAGE // 5 :]

    def reply(outcome, error=None, value=None):
        parts = ['"outcome":' + quote(outcome)]
        if error is not None:
            kind, message, line, column = error
            parts.append(
                '"error":{"type":%s,"message":%s,"line":%s,"column":%s}'
                % (
                    quote(kind[:100]),
                    quote(shorten(message)),
                    line if type(line) is int else 'null',
                    column if type(column) is int else 'null',
                )
            )
        if value is not None:
            parts.append('"value":' + value)
        return '{' + ','.join(parts) + '}'

    def failure(outcome, kind, error, tb):
        try:
            told = describe(kind, error, tb)
        except BaseException:
            told = type.__getattribute__(kind, '__name__'), '', None, None
        return reply(outcome, told)

    # --- one test -------------------------------------------------------------------------------------------

    parse = json.loads
    seed = random.seed
    exc_info = sys.exc_info
    end_of_program = atexit._run_exitfuncs
    compile_source, run_code = builtins.compile, builtins.exec
    Module = types.ModuleType
    modules = sys.modules

    def flush():
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass

    def call(names, spec, args):
        function = names.get(spec['call'])
        if not callable(function):
            raise NameError('your program must define a function named %r' % spec['call'], name=spec['call'])
        return function(*args)

    def finish(spec, error):
        """What a SystemExit comes to: for a whole program its code counts, a function has to return."""
        code = error.code
        if 'call' in spec:
            return 'the program exited before %s returned' % spec['call']
        if code is None or (type(code) is int and code == 0):
            return None
        if type(code) is int:
            return 'the program exited with code %d' % code
        try:
            sys.stderr.write(str(code) + '\n')
        except BaseException:
            pass
        return 'the program exited with code 1'

    def run(source, spec):
        spec = parse(spec)
        args = [decode(item) for item in spec.get('args', [])]
        seed(spec['seed'])
        leave_loop(None)
        linecache.cache[FILE] = (len(source), None, source.splitlines(True), FILE)
        main = Module('__main__')
        main.__file__ = FILE
        main.__builtins__ = builtins
        modules['__main__'] = main
        names = main.__dict__
        try:
            code = compile_source(source, FILE, 'exec')
        except MemoryError:
            reserve.clear()
            return reply('memory_limit', ('MemoryError', 'MemoryError: not enough memory to compile it', None, None))
        except BaseException:
            return failure('compile_error', *exc_info())
        try:
            run_code(code, names)
            value = None
            if 'call' in spec:
                value = encode(call(names, spec, args))
            else:
                end_of_program()
            return reply('ok', value=value)
        except SystemExit as error:
            why = finish(spec, error)
            if why is None:
                try:
                    end_of_program()
                except BaseException:
                    pass
                return reply('ok')
            _, _, line, column = describe(*exc_info())
            return reply('runtime_error', ('SystemExit', why, line, column))
        except TooDeep:
            why = 'ValueError: the value that came back is nested too deep or contains itself'
            return reply('runtime_error', ('ValueError', why, None, None))
        except MemoryError:
            reserve.clear()
            names.clear()
            return failure('memory_limit', *exc_info())
        except BaseException:
            return failure('runtime_error', *exc_info())
        finally:
            flush()

    # What learners import most is imported here, once: an import in a test costs it up to a second. A snapshot of
    # more than 30 MB cannot be restored, which leaves no room for more.
    import argparse, array, base64, bisect, calendar, cmath, contextlib, copy, csv, dataclasses, datetime  # noqa: E401
    import decimal, enum, fractions, functools, gc, hashlib, heapq, inspect, itertools, logging, math  # noqa: E401
    import numbers, operator, pathlib, pickle, pprint, queue, re, secrets, shutil, signal, socket  # noqa: E401
    import statistics, string, subprocess, tempfile, textwrap, threading, timeit, typing  # noqa: E401
    import urllib.request, uuid, zlib  # noqa: E401

    # What lives now lives for ever: collecting garbage need not look at it.
    gc.collect()
    gc.freeze()

    sys.stdout.reconfigure(line_buffering=True)
    return run


_lyceum_run = _lyceum_prepare()
del _lyceum_prepare
