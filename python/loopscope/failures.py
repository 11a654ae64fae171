"""What goes wrong without a trace of its own: never awaited, never retrieved, destroyed while pending, in a callback.

    private name                            versions    without it
    warnings._warn_unawaited_coroutine      3.9-3.14    coroutines that were never awaited are not told
"""
import os
import sys
from functools import wraps
from types import FunctionType, SimpleNamespace

from . import asyncio_, hooks, places, ring

NEVER_AWAITED, NEVER_RETRIEVED, DESTROYED, IN_CALLBACK = 1, 2, 3, 4
WORDS = os.environ.get("LOOPSCOPE_ARGUMENTS") != "0"


def tell(what, code, line, sort, task=0):
    file = code.co_filename if code is not None else ""
    ring.thread().emit(ring.FAILED, task, ring.text("%s|%s|%d" % (what.replace("|", "/"), file, line or 0)), sort)


def never_awaited(module):
    """The same function, and only its `warn` is ours: a frame between would change the line that the warning names."""
    original = module._warn_unawaited_coroutine

    def note(coro):
        caller = sys._getframe(4)  # past guarded, warn and the function: the line that let go of it
        code, line = caller.f_code, caller.f_lineno
        if places.of_library(code.co_filename):
            code, line = coro.cr_code, coro.cr_code.co_firstlineno
        tell(coro.__qualname__, code, line, NEVER_AWAITED)

    noted = hooks.guarded("never awaited", note)

    def warn(message, category=None, stacklevel=1, source=None):
        noted(source)
        return module.warn(message, category, stacklevel + 1, source)
    names = dict(original.__globals__, warn=warn, _wm=SimpleNamespace(warn=warn))  # 3.14 calls `_wm.warn`
    module._warn_unawaited_coroutine = wraps(original)(FunctionType(original.__code__, names))


def note(loop, context):
    """What a loop tells its exception handler."""
    message, error = context.get("message") or "", context.get("exception")
    task = context.get("task") or context.get("future")
    known = id(task) if id(task) in asyncio_.tasks else 0
    if "was destroyed but it is pending" in message:
        coro = task.get_coro()
        code, frame = getattr(coro, "cr_code", None), getattr(coro, "cr_frame", None)  # None: it was closed before its task
        asyncio_.tasks.pop(known, None)
        if code is not None:
            tell(coro.__qualname__, code, frame.f_lineno if frame is not None else code.co_firstlineno, DESTROYED, known)
    elif error is not None:
        words = type(error).__qualname__ + (": %.200s" % error if WORDS else "")
        sort = NEVER_RETRIEVED if "never retrieved" in message else IN_CALLBACK
        tell(words.replace("\n", " "), *places.deepest(error.__traceback__), sort, known)
