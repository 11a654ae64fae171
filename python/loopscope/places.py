"""Names and places: what a function is called, whose file it is in, and at which await a task stands.

    private name                        versions    without it
    coroutine_wrapper, async_generator_asend seen by gc.get_referents   3.9-3.14   the walk ends there
"""
import gc
from functools import partial
from operator import attrgetter
from types import AsyncGeneratorType, BuiltinFunctionType, CodeType, CoroutineType, FunctionType, GeneratorType, MethodType

from . import ring, waits

MANY = 20_000  # entries of a cache; beyond, it is emptied (a program that compiles functions for ever)
LIBRARY, USER, TELLS = 0, 1, 2  # whose a code object is; TELLS: a library's that says what is waited for

_labels = {}   # id of a code object, or a qualified name: (number of its text, 2 where it takes from a socket, whether it accepts, code)
_spawned = {}  # id of a code object: (number of its text, code)
_owners = {}   # id of a code object: (LIBRARY, USER or TELLS; the code)
_places = {}   # (user's code, position, innermost code): (number of the text, both codes)
_chains = {}   # id of the code of a task's coroutine: the codes from there to where the last walk found something
ring.caches += [_labels, _spawned, _owners, _places, _chains]
_prefixes = tuple(folder + "/" for folder in ring.PREFIXES) + ("<",)


def of_library(filename):
    return filename.startswith(_prefixes) or "site-packages" in filename or "dist-packages" in filename


def keep(cache, key, value):
    if len(cache) >= MANY:
        cache.clear()
    cache[key] = value
    return value


def inner(function):
    """The user's function inside partials and the wrappers of frameworks."""
    for _ in range(8):
        if isinstance(function, partial):
            given = [a for a in (*function.args, *function.keywords.values()) if isinstance(a, (FunctionType, MethodType))]
            whose = getattr(getattr(function.func, "__code__", None), "co_filename", "<")
            found = given[0] if given and of_library(whose) else function.func
        else:
            found = getattr(function, "__func__", None) or getattr(function, "__dict__", {}).get("__wrapped__")
        if found is None:
            break
        function = found
    return function


def words_of(function, code):
    """"qualname|file|line"."""
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return "%s|%s|%d" % (name, code.co_filename, code.co_firstlineno) if code else name + "||0"


def label(function):
    """(number of the text of what can be called, 2 where it takes from a socket, whether it accepts); cheap where it comes
    again, as it is, as a method, or in a partial."""
    outer = getattr(function, "__code__", None)
    if outer is None:
        outer = getattr(function.func, "__code__", None) if type(function) is partial else getattr(function, "__qualname__", None)
    found = _labels.get(outer if type(outer) is str else id(outer))
    if found is None:
        function = inner(function)
        code = getattr(function, "__code__", None)
        if code is None and not isinstance(function, (type, BuiltinFunctionType)):
            code = getattr(getattr(type(function), "__call__", None), "__code__", None)
        words = words_of(function, code)
        name = words.partition("|")[0]
        socket = 2 if "selector_events" in words and ("_ready" in name or "_sock_" in name) else 0
        found = ring.text(words), socket, "accept" in name.lower(), code
        if code is outer is not None or type(outer) is str:
            keep(_labels, outer if type(outer) is str else id(outer), found)
    return found


def spawned(coro, name):
    """Number of "qualname|file|line|name" of a task's coroutine; without the name that asyncio made up."""
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    given = "" if name.startswith("Task-") and name[5:].isdigit() else name
    found = _spawned.get(id(code)) if not given else None
    if found is None:
        found = ring.text("%s|%s" % (words_of(coro, code), given)), code
        if code is not None and not given:
            keep(_spawned, id(code), found)
    return found[0]


# ---------------------------------------------------------------- the place of an await

def walk(coro, known, waiter):
    """(number of "function|file|line|called", the coroutine below the user's last one that tells what is waited for, its code)
    of a suspended coroutine. `known` is of its task, and remembers where that was last; `waiter` None: it waits for nothing."""
    top, leaf = coro, getattr(coro, "cr_await", None)
    if type(leaf) is CoroutineType and leaf.cr_code is known.leaf and coro.cr_frame.f_lasti == known.position:
        return known.place, leaf, known.leaf
    if waiter is None and type(coro) is CoroutineType and (_owners.get(id(coro.cr_code)) or _classify(coro.cr_code))[0] != USER:
        return 0, None, None  # it is ready again at once, and a framework's: a checkpoint
    chain = _chains.get(id(getattr(coro, "cr_code", None)), ())
    for code in chain:
        if getattr(coro, "cr_code", None) is not code:
            coro, chain = top, ()
            break
        coro = coro.cr_await
    code = user = users = tells = told = None
    while coro is not None:
        kind = type(coro)
        parts = _parts[kind] if kind in _parts else _learn(kind, coro)
        if parts is None:
            break
        here = coro
        found, coro = parts(coro)
        if found is None:
            continue
        code = found
        owner = (_owners.get(id(code)) or _classify(code))[0]
        if owner == USER:
            user, users, tells = here, code, None
        elif owner == TELLS and tells is None:
            tells, told = here, code
    if code is None:
        return 0, None, None
    goal = tells if user is None else user
    if user is None:
        user, users = here, code
    frame = getattr(user, "cr_frame", None) or getattr(user, "gi_frame", None) or getattr(user, "ag_frame", None)
    if frame is None:
        return 0, None, None
    last = told if tells is not None else code
    if not chain and goal is not None:
        _remember(top, goal)
    key = id(users), frame.f_lasti, id(last)
    place = (_places.get(key) or _new_place(key, frame, last))[0]
    if user is top and tells is leaf is not None:
        known.leaf, known.position, known.place = told, frame.f_lasti, place
    return place, tells, told


def _remember(top, goal):
    """The codes of the coroutines above the one that counts: the next walk from the same top goes there at once."""
    codes, coro = [], top
    while coro is not goal and type(coro) is CoroutineType:
        codes.append(coro.cr_code)
        coro = coro.cr_await
    if coro is goal and len(codes) > 2:
        keep(_chains, id(codes[0]), tuple(codes))


def _new_place(key, frame, last):
    code = frame.f_code
    words = "%s|%s|%d|%s" % (code.co_name, code.co_filename, frame.f_lineno or 0, last.co_name if last is not code else "")
    return keep(_places, key, (ring.text(words), code, last))


def _classify(code):
    """Whose a code object is; remembered with the object, so that its id stays its own."""
    owner = USER if not of_library(code.co_filename) else TELLS if waits.tells(code) else LIBRARY
    return keep(_owners, id(code), (owner, code))


_OPAQUE = {"coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable"}
_parts = {  # type of what is awaited: what gives its code, or None, and what it awaits itself; None: nothing stands behind it
    CoroutineType: attrgetter("cr_code", "cr_await"), GeneratorType: attrgetter("gi_code", "gi_yieldfrom"),
    AsyncGeneratorType: attrgetter("ag_code", "ag_await")}


def _learn(kind, coro):
    parts = None
    if kind.__name__ in _OPAQUE:
        def parts(coro):
            return None, next((o for o in gc.get_referents(coro) if type(o) in _parts), None)
    elif isinstance(getattr(coro, "cr_code", None), CodeType):
        parts = _parts[CoroutineType]
    return keep(_parts, kind, parts) if len(_parts) < 1_000 else parts


def deepest(trace):
    """(code, line) of the last frame of the user's in a traceback, else of the last."""
    found = [(None, 0)]
    while trace is not None:
        code = trace.tb_frame.f_code
        if not of_library(code.co_filename) or found[0][0] is None or of_library(found[0][0].co_filename):
            found = [(code, trace.tb_lineno)]
        trace = trace.tb_next
    return found[0]
