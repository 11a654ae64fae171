"""Names and places: what a function is called, whose file it is in, and at which await a task stands.

    private name                        versions    without it
    coroutine_wrapper, async_generator_asend seen by gc.get_referents   3.9-3.14   the walk ends there
"""
import gc
import os
import sys
from functools import partial
from types import AsyncGeneratorType, BuiltinFunctionType, CodeType, CoroutineType, FunctionType, GeneratorType, MethodType

from . import ring

MANY = 20_000  # entries of a cache; beyond, it is emptied (a program that compiles functions for ever)
PRIMITIVES = {}  # id of the code that waits: what it waits for; asyncio_ and pools fill it, and keep the code alive

_labels = {}   # id of a code object, name of a builtin: (number of its text, whether it takes from a socket, whether it accepts, code)
_spawned = {}  # id of a code object: (number of its text, code)
LIBRARY, USER, LEAF = 0, 1, 2  # whose a code object is; LEAF: a library's, with nothing of interest below
_owners = {}   # id of a code object: the above, or what tells what it waits for
_kept = {}     # id of a code object: the code
_places = {}   # (user's code, position, innermost code): (number of the text, what tells what it waits for)
ring.caches += [_labels, _spawned, _owners, _kept, _places]

_here = os.path.dirname(os.path.abspath(__file__)) + os.sep
_stdlib = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_prefixes = (_stdlib, _here, "<")


def of_library(filename):
    return filename.startswith(_prefixes) or "site-packages" in filename or "dist-packages" in filename


def absolute(filename):
    return filename if filename.startswith(("/", "<")) else os.path.abspath(filename)


# ---------------------------------------------------------------- names of functions

def inner(function):
    """The user's function inside partials and the wrappers of frameworks."""
    for _ in range(8):
        found = None
        if hasattr(function, "func") and hasattr(function, "keywords"):
            if of_library(getattr(getattr(function.func, "__code__", None), "co_filename", "<")):
                found = next((a for a in (*function.args, *function.keywords.values()) if isinstance(
                    a, (FunctionType, MethodType))), None)
            found = found or function.func
        elif isinstance(function, MethodType):
            found = function.__func__
        elif isinstance(function, FunctionType):
            found = function.__dict__.get("__wrapped__")
        if found is None:
            break
        function = found
    return function


def label(function):
    """"qualname|file|line" of anything that can be called."""
    function = inner(function)
    code = getattr(function, "__code__", None)
    if code is None and not isinstance(function, (type, BuiltinFunctionType)):
        code = getattr(getattr(type(function), "__call__", None), "__code__", None)
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return "%s|%s|%d" % (name, absolute(code.co_filename), code.co_firstlineno) if code else "%s||0" % name


def number_of_label(function):
    """The number of the label's text; cheap where a function comes again, as it is or in a partial of a framework's."""
    plain = function
    if type(function) is partial and type(function.func) is FunctionType:
        plain, code = function.func, function.func.__code__
        if (_owners.get(id(code)) or _classify(code)) != USER:
            plain = next((a for a in (*function.args, *function.keywords.values()) if type(a) is FunctionType), plain)
    return label_of_call(plain)[0] if type(plain) is FunctionType else ring.text(label(function))


def label_of_call(callback):
    """(number of the label's text, takes from a socket, accepts) of a callback; cheap where it comes again."""
    function = callback
    if type(function) is MethodType:
        function = function.__func__
    if type(function) is FunctionType:
        code = function.__code__
        key = id(code)
    else:
        key = code = function.__qualname__ if type(function) is BuiltinFunctionType else None
    found = _labels.get(key)
    if found is None:
        words = label(callback)
        name = words.partition("|")[0]
        socket = "selector_events" in words and ("_ready" in name or "_sock_" in name)
        found = (ring.text(words), socket, "accept" in name.lower(), code)
        if key is not None:
            bound(_labels)[key] = found
    return found


def spawned(coro, name):
    """Number of "qualname|file|line|name" of a task's coroutine."""
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    given = "" if name.startswith("Task-") and name[5:].isdigit() else name
    found = _spawned.get(id(code)) if not given else None
    if found is None:
        words = getattr(coro, "__qualname__", None) or type(coro).__qualname__
        file, line = (absolute(code.co_filename), code.co_firstlineno) if code else ("", 0)
        found = (ring.text("%s|%s|%d|%s" % (words, file, line, given)), code)
        if code is not None and not given:
            bound(_spawned)[id(code)] = found
    return found[0]


def bound(cache):
    if len(cache) >= MANY:
        cache.clear()
    return cache


# ---------------------------------------------------------------- the place of an await

def walk(state, known, top):
    """(number of "function|file|line|called", what it waits for) of a suspended coroutine. Below a primitive of a library
    there is no code of the user's, so the walk ends there, and state.waits_in is the primitive's own coroutine."""
    user = users = code = None
    coro, direct = top, False
    while coro is not None:
        kind = type(coro)
        if kind is CoroutineType:
            here, code, coro = coro, coro.cr_code, coro.cr_await
        elif kind is GeneratorType:
            here, code, coro = coro, coro.gi_code, coro.gi_yieldfrom
        elif kind in _ends:
            break
        else:
            seen, code, coro = _through(coro, kind, code)
            if seen is None:
                continue
            here = seen
        owner = _owners.get(id(code))
        if owner is None:
            owner = _classify(code)
        if owner is USER:
            user, users = here, code
        elif owner is not LIBRARY and (owner is LEAF or owner[0] != 12 or coro is None or type(coro) in _ends):
            state.waits_in = here
            direct = type(here) is type(top) is CoroutineType and top.cr_await is here
            break
    if code is None:
        return 0, None
    if user is None:
        user, users = here, code
    frame = user.cr_frame if type(user) is CoroutineType else frame_of(user)
    if frame is None:
        return 0, None
    key = (id(users), frame.f_lasti, id(code))
    place = _places.get(key) or _new_place(key, frame, code)
    if direct:
        known.leaf, known.position, known.place = code, frame.f_lasti, place
    return place


def _new_place(key, frame, last):
    code = frame.f_code
    called = last.co_name if last is not code else ""
    words = "%s|%s|%d|%s" % (code.co_name, absolute(code.co_filename), frame.f_lineno or 0, called)
    if len(_owners) + len(_places) > 2 * MANY:
        _owners.clear(), _kept.clear(), _places.clear()
    _classify(code)  # keeps both alive: their ids are part of the key
    owner = _classify(last)
    place = _places[key] = (ring.text(words), owner if type(owner) is tuple else None)
    return place


def _classify(code):
    """Whose a code object is; remembered, with the object, so that its id stays its own."""
    key = id(code)
    if not of_library(code.co_filename):
        owner = USER
    else:
        owner = PRIMITIVES.get(key, (LIBRARY,))[0]
    _owners[key], _kept[key] = owner, code
    return owner


_OPAQUE = {"coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable"}
_REACHED = (CoroutineType, GeneratorType, AsyncGeneratorType)
_ends = {type(None)}  # types of awaited things with nothing behind them, such as a future's iterator


def _through(coro, kind, code):
    """(the same, its code, what it awaits) of anything but a coroutine and a generator; at the end `code` as it was."""
    if kind is AsyncGeneratorType:
        return coro, coro.ag_code, coro.ag_await
    if kind.__name__ in _OPAQUE:
        return None, code, next((o for o in gc.get_referents(coro) if isinstance(o, _REACHED)), None)
    found = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    if not isinstance(found, CodeType):
        if len(_ends) < 1_000:
            _ends.add(kind)
        return None, code, None
    return coro, found, getattr(coro, "cr_await", None) or getattr(coro, "gi_yieldfrom", None)


def frame_of(coro):
    return getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None) or getattr(coro, "ag_frame", None)


def deepest(trace):
    """(code, line) of the last frame of the user's in a traceback, else of the last."""
    found, users = (None, 0), False
    while trace is not None:
        code = trace.tb_frame.f_code
        mine = not of_library(code.co_filename)
        if mine or not users:
            found, users = (code, trace.tb_lineno), mine or users
        trace = trace.tb_next
    return found
