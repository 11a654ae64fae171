"""Turns of tasks, callbacks, wakes and sleeps of asyncio's own loops; uvloop_ uses the same functions.

No function of a loop is wrapped: its queue of what is ready is one of ours. What is taken out of it runs until the next
is taken, or until the loop asks whether there is more before it sleeps. So no frame of ours is in a traceback or a call
stack, one look at the clock ends a turn and begins the next, and each turn is one record: start, end, place. A wake by
itself within its own turn is a part of it.

    private name                                         versions    without it
    events._set_running_loop, ._get_running_loop         3.9-3.14    nothing of loops is seen
    BaseEventLoop._ready, a deque; that _run_once asks it whether it is empty before it sleeps, and pops from its left
                                                         3.9-3.14    nothing of asyncio's own loops is seen
    Handle._callback, ._cancelled, ._args                3.9-3.14    no turns
    Task._fut_waiter, Task._exception, ._PyTask          3.9-3.14    no turns
    TaskStepMethWrapper (the type of a step)             3.9-3.14    tasks are known from their first turn
    TaskWakeupMethWrapper (later ones: a builtin method) 3.9         no wakes
"""
import sys
from collections import deque

from . import hooks, places, ring, waits

SHORTEST_CALL = 200_000  # ns: a callback that took less is not worth a record

tasks = {}         # id of a task that has not ended: what is known of it
ring.caches.append(tasks)
spawn_hooks = {}   # id of a code object: (what to call with a new task and the variables of its coroutine, the code)

now, pack, pack_slot, current = ring.now, ring.pack, ring.pack_slot, ring.current
AT, IN_TURN, IN_CALL, IN_SELECT = ring.RECORDS_AT, ring.IN_TURN, ring.IN_CALL, ring.IN_SELECT
walk, label = places.walk, places.label
_Tasks, _Gathering, _Future, _Timer = (), None, None, None
_others = {type(None)}  # types of what a method belongs to that are no tasks


class Known:
    """What is remembered of a task; nothing of it holds the task or its coroutine."""
    __slots__ = ("on", "request", "endpoint", "leaf", "position", "place")

    def __init__(self, request):
        self.request, self.on, self.endpoint, self.leaf = request, None, None, None


def off(hook, error):
    """An error of ours: the loops go on as if they had never been watched."""
    hooks.failed(hook, error)
    for name in ("append", "popleft", "__bool__"):
        if name in vars(Ready):
            delattr(Ready, name)
    state = ring.thread()
    state.task = None
    state.runs(0, 0, 0)


# ---------------------------------------------------------------- tasks

def task_of(callback):
    """The task whose turn this callback is, or None: a turn comes as a method of it, or as a wrapper like one."""
    owner = getattr(callback, "__self__", None)
    kind = type(owner)
    if kind in _others:
        return None
    if isinstance(owner, _Tasks):
        return owner
    if len(_others) < 1_000 and _Tasks:
        _others.add(kind)
    return None


def introduce(state, task, parent, at=0):
    """SPAWN: a task that is new to the reader."""
    coro = task.get_coro()
    known = tasks.get(parent)
    new = tasks[id(task)] = Known(known.request if known is not None else 0)
    state.emit(ring.SPAWN, id(task), places.spawned(coro, task.get_name()), parent, at)
    hook = spawn_hooks.get(id(getattr(coro, "cr_code", None)))
    if hook is not None:
        hook[0](state, id(task), coro.cr_frame.f_locals)
    return new


def current_task(state):
    return state.what if state.kind == IN_TURN else 0


def soon(state, callback, unknown_cause):
    """A callback is ready: its task is woken, or new."""
    task = task_of(callback)
    if task is not None:
        me = id(task)
        if me == state.what:
            state.woke_itself = True
        elif me in tasks:
            state.emit(ring.WOKEN, me, state.cause if state.what else unknown_cause)
        else:
            introduce(state, task, current_task(state))


def begin(state, callback, timer, at):
    """What the loop runs from now on."""
    task = task_of(callback)
    if task is not None:
        state.task, state.woke_itself, state.cause = task, False, 0
        state.what, state.kind = what, kind = id(task), IN_TURN
        state.known = tasks.get(what)
        if state.known is None:
            state.known, at = introduce(state, task, 0, at), at + 1
    else:
        state.label = found = label(callback)
        state.what, state.kind, state.cause = what, kind, _ = found[0], IN_CALL, 1 if timer else found[1]
    state.since = at
    pack_slot(ring.file, state.slot, what, at, kind)


def finish(state, at):
    """It is over; what is worth it is told."""
    task, me, since, tells, more = state.task, state.what, state.since, ring.TURN, 0
    if state.kind == IN_TURN:
        state.task = None
        waiter = task._fut_waiter
        if waiter is None and task.done():
            tasks.pop(me, None)
            more = 4 if task.cancelled() else 3 if task._exception is None else 5
        else:
            place, coro, code = walk(task.get_coro(), state.known, waiter)
            more = place << 8
            if waiter is not None and not state.woke_itself:
                more |= awaits(state, me, waiter, coro, code, at)
    elif state.kind == IN_SELECT or state.kind == IN_CALL and (at - since >= SHORTEST_CALL or state.label[2]):
        tells, more = ring.PARKED if state.kind == IN_SELECT else ring.CALL, 1 if state.cause == 1 else 0
    else:
        return
    n = ring.next_record()
    pack(ring.file, AT + (n & ring.mask) * 40, at, me, more, since, n << 24 | state.word | tells)


def awaits(state, me, waiter, coro, code, at):
    """ON, where it differs from what was said last of this task; how the turn ends: 1, or 2 where nothing is known."""
    kind, known, on = type(waiter), state.known, None
    if kind is not _Future and isinstance(waiter, _Tasks):
        if id(waiter) not in tasks and not waiter.done():
            introduce(state, waiter, 0, at)
        on = id(waiter), waits.TASK, 0
    elif kind is _Gathering:
        on = len(waiter._children), waits.SEVERAL, 0
    elif coro is not None:
        on = waits.on(coro, code, known.on)
    elif getattr(waiter, "_loopscope", 0):
        on = waiter._loopscope, waits.JOB, 0
    if on is not None and on != known.on:
        known.on = on
        n = ring.next_record()
        pack(ring.file, AT + (n & ring.mask) * 40, at, me, on[0], on[1] << 32 | on[2], n << 24 | state.word | ring.ON)
    return 2 if on is None else 1


# ---------------------------------------------------------------- the loop

_append, _popleft, _length = deque.append, deque.popleft, deque.__len__


class Ready(deque):
    """What a loop will call next."""
    __slots__ = ()

    def append(self, handle):
        try:
            callback = handle._callback
            if type(getattr(callback, "__self__", None)) not in _others:
                soon(ring.thread(), callback, 0)
        except Exception as error:
            off("Ready.append", error)
        _append(self, handle)

    def popleft(self):
        handle = _popleft(self)
        try:
            state, at = current.state, now()
            if state.since and (state.kind != IN_CALL or at - state.since >= SHORTEST_CALL or state.label[2]):
                finish(state, at)
            if handle._cancelled:
                state.runs(0, 0, 0)
            else:
                begin(state, handle._callback, type(handle) is _Timer, at)
        except Exception as error:
            off("Ready.popleft", error)
        return handle

    def __bool__(self):
        """The loop is about to ask the system what happened, and sleeps where nothing else is to be done."""
        if _length(self):
            return True
        try:
            state = current.state
            if state.kind != IN_SELECT:
                at = now()
                if state.since:
                    finish(state, at)
                state.runs(IN_SELECT, 0, at)
        except Exception as error:
            off("Ready.__bool__", error)
        return False


def running(loop):
    """A loop begins to run on this thread, or None does: it ends."""
    global _Tasks, _Gathering, _Future, _Timer
    state = ring.thread()
    if state.since and state.kind != ring.IN_JOB:
        finish(state, now())
        state.runs(0, 0, 0)
    if loop is None:
        return
    module = sys.modules["asyncio.tasks"]
    _Tasks, _Gathering = (module.Task, module._PyTask), getattr(module, "_GatheringFuture", None)
    _Future, _Timer = module.futures.Future, module.events.TimerHandle
    state.emit(ring.LOOP, ring.text(type(loop).__module__))
    ready = getattr(loop, "_ready", None)
    if type(ready) is deque and hasattr(Ready, "append"):
        loop._ready = Ready()
        for handle in ready:
            loop._ready.append(handle)


def eager(loop, factory):
    """A task that ran its first steps eagerly never came by the queue."""
    def made(task, *_, **named):
        state = ring.thread()
        if id(task) not in tasks and isinstance(task, _Tasks) and not task.done():
            introduce(state, task, current_task(state))
    if factory is not None and not hasattr(type(loop).create_task, "__wrapped__"):
        hooks.hook(type(loop), "create_task", None, made)
