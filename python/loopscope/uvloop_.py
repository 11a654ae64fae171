"""uvloop's turns. Its handles and its callbacks of sockets are compiled, so what is given to its call_soon, call_later and
call_at is wrapped: a wrapper looks like what it wraps (name, repr), and calls it. Its own callbacks of sockets are not
seen, and neither is its sleep; a task that is woken while nothing known runs was woken by a socket.

    private name                              versions          without it
    uvloop.Loop as a Python class             0.14 to 0.2x      no turns
"""
import time

from . import asyncio_, failures, pools, ring
from .asyncio_ import like

SOCKET = 2


class Wrapped:
    __slots__ = ("loop", "callback", "timer")

    def __init__(self, loop, callback, timer):
        self.loop, self.callback, self.timer = loop, callback, timer

    def __call__(self, *args):
        state = self.loop._loopscope
        if state is None:
            return self.callback(*args)
        callback = self.callback
        task = asyncio_.task_of(callback, type(callback))
        try:
            if task is not None:
                return asyncio_.turn(state, task, _apply, (callback, args))
            return asyncio_.call(state, callback, _apply, (callback, args), self.timer)
        finally:
            self = callback = task = args = None  # a traceback may keep this frame

    def __repr__(self):
        return repr(self.callback)

    def __getattr__(self, name):
        return getattr(self.callback, name)

    def __eq__(self, other):
        return self.callback == (other.callback if type(other) is Wrapped else other)

    def __hash__(self):
        return hash(self.callback)


def _apply(what):
    try:
        return what[0](*what[1])
    finally:
        what = None


def wrapped(loop, callback, timer):
    return callback if type(callback) is Wrapped or not callable(callback) else Wrapped(loop, callback, timer)


def patch_uvloop(module):
    loop = module.Loop
    asyncio_.watch_run_forever(loop)
    pools.watch_run_in_executor(loop)
    failures.watch_exceptions(loop)
    for name in ("call_soon", "call_soon_threadsafe"):
        setattr(loop, name, _soon(getattr(loop, name)))
    loop.call_later, loop.call_at = _later(loop.call_later, True), _later(loop.call_at, False)


def _soon(original):
    def noted(loop, callback):
        state = loop._loopscope
        asyncio_.soon(state or ring.thread(), callback, type(callback), 0 if state is None else SOCKET)
        return wrapped(loop, callback, 0)

    noted = asyncio_.safe("uvloop", noted)

    def call(self, callback, *args, context=None):
        return original(self, noted(self, callback) or callback, *args, context=context)
    return like(call, original)


def _later(original, relative):
    def noted(loop, when, callback, args):
        if callback is asyncio_._fulfil and loop._loopscope is not None:
            asyncio_.note_timer(loop._loopscope, args, when + time.monotonic() if relative else when)
        return wrapped(loop, callback, 1)

    noted = asyncio_.safe("uvloop", noted)

    def call(self, when, callback, *args, context=None):
        return original(self, when, noted(self, when, callback, args) or callback, *args, context=context)
    return like(call, original)
