"""uvloop's turns. Its handles and its callbacks of sockets are compiled, so what is given to its call_soon, call_later and
call_at is called by one of ours. Its own callbacks of sockets are not seen, and neither is its sleep; a task that is woken
while nothing known runs was woken by a socket.

    private name                              versions          without it
    uvloop.Loop as a Python class             0.14 to 0.2x      no turns
"""
from . import asyncio_, failures, hooks, ring

SOCKET = 2


class Turn(hooks.Called):
    __slots__ = ("timer",)

    def __init__(self, callback, timer):
        self.function, self.timer = callback, timer

    def begins(self):
        _begin(ring.thread(), self.function, self.timer, ring.now())

    def ends(self, before, failed):
        state = ring.thread()
        if state.since:
            _finish(state, ring.now())
            state.runs(0, 0, 0)


_begin, _finish = hooks.guarded("uvloop", asyncio_.begin), hooks.guarded("uvloop", asyncio_.finish)


def soon(loop, callback, *args, **named):
    asyncio_.soon(ring.thread(), callback, SOCKET)
    return (loop, Turn(callback, False), *args) if callable(callback) else None


def later(loop, when, callback, *args, **named):
    return (loop, when, Turn(callback, True), *args) if callable(callback) else None


def patch(module):
    ring.ask_in_system_calls()
    for name, before in (("call_soon", soon), ("call_soon_threadsafe", soon), ("call_later", later), ("call_at", later),
                         ("call_exception_handler", failures.note)):
        hooks.hook(module.Loop, name, before)
