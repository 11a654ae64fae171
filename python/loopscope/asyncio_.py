"""Turns of tasks, callbacks, wakes and what is waited for, on asyncio's own loops; uvloop_ uses the same functions.

Handle._run of asyncio is called and not rewritten, so exceptions, their tracebacks and their contexts are asyncio's. One
record a turn: its start, its end, its place; a wake by itself within its own turn is a part of it.

    private name                                         versions    without it
    events.Handle._run, ._callback, ._loop               3.9-3.14    no turns
    base_events.BaseEventLoop._call_soon                 3.9-3.14    no wakes, tasks are known from their first turn
    BaseEventLoop._selector                              3.9-3.14    not parked
    Task._fut_waiter, Task._exception, ._PyTask          3.9-3.14    no turns
    TaskStepMethWrapper (the type of a step)             3.9-3.14    tasks are known from their first turn
    TaskWakeupMethWrapper (later ones: a builtin method) 3.9         no wakes
    futures._set_result_unless_cancelled                 3.9-3.14    timers are futures of unknown kind
    tasks._GatheringFuture, ._children, tasks._wait      3.9-3.14    a gather is a future of unknown kind
    Semaphore._value, Queue._maxsize, TaskGroup._tasks   3.9-3.14    the state is not told
    code objects named in WAITS                          3.9-3.14    that await is a future of unknown kind
"""
import sys
from types import BuiltinFunctionType, CoroutineType, MethodType

from . import places, ring

SHORTEST_CALL = 200_000  # ns: a callback that took less is not worth a record

tasks = {}         # id of a task that has not ended: what is known of it
ring.caches.append(tasks)
spawn_hooks = {}   # id of a code object: (what to call with a new task and its coroutine, the code)
stopped = False    # a hook failed: the loop runs without us
slowest = 1 << 62  # ns: from here on `report` is told of a turn or callback (the pytest plugin)
report = None
no_place = (0, None)

now, pack = ring.now, ring.pack
ON, TURN, CALL, WOKEN, SPAWN, PARKED = ring.ON, ring.TURN, ring.CALL, ring.WOKEN, ring.SPAWN, ring.PARKED
IN_TURN, IN_CALL, AT, WIDTH = ring.IN_TURN, ring.IN_CALL, ring.RECORDS_AT, 40
walk, label_of_call = places.walk, places.label_of_call
STEP, METHOD, OTHER = 1, 2, 0
_sorts = {MethodType: METHOD, BuiltinFunctionType: METHOD}  # type of a callback: what it can be
_Tasks, _Gathering, _Future, _fulfil = (), None, None, None
_task_types = {}  # type of what a method belongs to: whether it is a task


class Known:
    """What is remembered of a task; nothing of it holds the task or its coroutine."""
    __slots__ = ("on", "job", "request", "endpoint", "leaf", "position", "place")

    def __init__(self, request=0):
        self.on, self.job, self.request, self.endpoint = None, 0, request, None
        self.leaf = self.position = self.place = None  # the last place, where the task itself awaited a primitive


def off(hook, error):
    """An error of ours: the loop goes on as if it had never been watched."""
    global stopped
    stopped = True
    ring.failed(hook, error)
    loop = sys.modules["asyncio"]._get_running_loop()
    if loop is not None:
        loop._loopscope = None


# ---------------------------------------------------------------- tasks

def task_of(callback, kind):
    """The task whose turn this callback is, or None. A turn of a C task comes as a wrapper or a builtin method."""
    sort = _sorts.get(kind)
    if sort is None:
        sort = {"TaskStepMethWrapper": STEP, "TaskWakeupMethWrapper": METHOD}.get(kind.__name__, OTHER)
        if len(_sorts) < 1_000:
            _sorts[kind] = sort
    if sort == OTHER:
        return None
    owner = callback.__self__
    found = _task_types.get(type(owner))
    if found is None:
        found = isinstance(owner, _Tasks)
        if len(_task_types) < 1_000:
            _task_types[type(owner)] = found
    return owner if found else None


def introduce(state, task, parent):
    """SPAWN: a task that is new to the reader."""
    coro = task.get_coro()
    known = tasks.get(parent)
    new = tasks[id(task)] = Known(known.request if known is not None else 0)
    state.emit(SPAWN, id(task), places.spawned(coro, task.get_name()), parent)
    hook = spawn_hooks.get(id(getattr(coro, "cr_code", None)))
    if hook is not None:
        hook[0](state, task, coro)
    return new


def current_task(state):
    return state.what if state.what and state.kind == IN_TURN else 0


def soon(state, callback, kind, unknown_cause):
    """A callback was put on the ready queue: its task is woken, or new."""
    task = task_of(callback, kind)
    if task is None:
        return
    me = id(task)
    if me == state.what:
        state.woke_itself = True
    elif me not in tasks or _sorts[kind] == STEP or kind is MethodType and callback.__name__.endswith("__step"):
        introduce(state, task, current_task(state))
    else:
        n = ring.next_record()
        pack(ring.file, AT + (n & ring.mask) * WIDTH, now(), me, state.cause if state.what else unknown_cause, 0,
             n << 24 | state.word | WOKEN)


def turn(state, task, run, argument):
    """One turn of a task: `run(argument)` is what the loop would have called."""
    me = id(task)
    outer = state.what and (state.kind, state.what, state.since)
    try:
        known = tasks.get(me) or introduce(state, task, 0)
        if state.kind != IN_TURN:
            state.kind = ring.words[state.kind_at] = IN_TURN
        state.what, state.woke_itself, state.cause = me, False, 0
        since = state.since = now()
        ring.words[state.what_at] = me
        ring.words[state.since_at] = since
    except Exception as error:
        off("turn", error)
        return run(argument)
    try:
        run(argument)
    finally:
        try:
            at = now()
            waiter = task._fut_waiter
            if waiter is None and task.done():
                tasks.pop(me, None)
                place, how = no_place, 4 if task.cancelled() else 3 if task._exception is None else 5
            else:
                coro = task.get_coro()
                leaf = coro.cr_await if type(coro) is CoroutineType else None
                if type(leaf) is CoroutineType and leaf.cr_code is known.leaf and coro.cr_frame.f_lasti == known.position:
                    place, state.waits_in = known.place, leaf
                else:
                    place = walk(state, known, coro)
                how = 0 if waiter is None or state.woke_itself else waits(state, known, me, waiter, place[1], at)
            n = ring.next_record()
            pack(ring.file, AT + (n & ring.mask) * WIDTH, at, me, place[0] << 8 | how, since, n << 24 | state.word | TURN)
            ring.words[state.since_at] = state.what = 0
            state.timer = state.waits_in = None
            if outer:
                state.end(outer)
            if at - since >= slowest:
                report(state, task, None, since, at)
        except Exception as error:
            ring.words[state.since_at] = state.what = 0
            off("turn", error)
        task = argument = waiter = coro = leaf = None  # a traceback may keep this frame


def call(state, callback, run, argument, timer):
    """A callback of the loop that is no turn of a task."""
    outer = state.what and (state.kind, state.what, state.since)
    try:
        label = label_of_call(callback)
        if state.kind != IN_CALL:
            state.kind = ring.words[state.kind_at] = IN_CALL
        state.what, state.cause = label[0], 1 if timer else 2 if label[1] else 0
        since = state.since = now()
        ring.words[state.what_at] = label[0]
        ring.words[state.since_at] = since
    except Exception as error:
        off("call", error)
        return run(argument)
    try:
        return run(argument)
    finally:
        try:
            at = now()
            if at - since >= SHORTEST_CALL or label[2]:
                state.emit(CALL, label[0], timer, since)
            ring.words[state.since_at] = state.what = 0
            if outer:
                state.end(outer)
            if at - since >= slowest:
                report(state, None, callback, since, at)
        except Exception as error:
            off("call", error)
        callback = argument = None


# ---------------------------------------------------------------- what a task waits for

def waits(state, known, me, waiter, primitive, at):
    """ON, where it differs from what was said last of this task; how the turn ends."""
    kind = type(waiter)
    words = 0
    if state.timer is not None and state.timer[0] is waiter:
        value, sort = state.timer[1], 1
    elif known.job:
        value, sort = known.job, 10
    elif kind is not _Future and isinstance(waiter, _Tasks):
        if id(waiter) not in tasks and not waiter.done():
            introduce(state, waiter, 0)
        value, sort = id(waiter), 2
    elif kind is _Gathering:
        value, sort = len(waiter._children), 3
    elif primitive is not None and state.waits_in is not None:
        sort, count, describe = primitive
        leaf = state.waits_in
        here = (leaf.cr_frame if type(leaf) is CoroutineType else places.frame_of(leaf)).f_locals
        if count is None:
            value, on = id(here["self"]), known.on
            if on is not None and on[0] == value and on[1] == sort:
                return 1
            words = ring.text("%s|%s" % (type(here["self"]).__name__, describe(here["self"])))
        else:
            value = count(here)
    else:
        value = jobs_of_futures.get(waiter) if kind is _Future and jobs_of_futures else None
        if value is None:
            return 2
        sort = 10
    on = (value, sort, words)
    if on != known.on:
        known.on = on
        n = ring.next_record()
        pack(ring.file, AT + (n & ring.mask) * WIDTH, at, me, value, sort << 32 | words, n << 24 | state.word | ON)
    return 1


jobs_of_futures = None  # a weak dictionary of pools: an asyncio future of run_in_executor: its job


def _free(semaphore):
    size = getattr(semaphore, "_bound_value", None)
    return "%d of %d free" % (semaphore._value, size) if size else "%d free" % semaphore._value


def _filled(queue):
    return "%d/%s" % (queue.qsize(), queue._maxsize or "no limit")


def _unfinished(here):
    return len([f for f in here["fs"] if not f.done()])


def _nothing(_):
    return ""


LOCK, CONDITION, EVENT = (4, None, lambda _: "locked"), (9, None, _nothing), (8, None, lambda _: "not set")
SEMAPHORE, GET, PUT, JOIN = (7, None, _free), (5, None, _filled), (6, None, _filled), (8, None, lambda _: "not all done")
SEVERAL, GROUP = (3, _unfinished, None), (3, lambda here: len(here["self"]._tasks), None)
ONE, SOCKET, IDLE = (2, lambda here: id(here["fut"]), None), (11, lambda _: 0, None), (12, lambda _: 0, None)
WAITS = (  # module, class or "", functions: what they wait for (the sort of ON; its value or None for the object; its state)
    ("asyncio.locks", "Lock", "acquire", LOCK), ("asyncio.locks", "Condition", "wait", CONDITION),
    ("asyncio.locks", "Event", "wait", EVENT), ("asyncio.locks", "Semaphore", "acquire", SEMAPHORE),
    ("asyncio.queues", "Queue", "get", GET), ("asyncio.queues", "Queue", "put", PUT), ("asyncio.queues", "Queue", "join", JOIN),
    ("asyncio.tasks", "", "_wait", SEVERAL), ("asyncio.taskgroups", "TaskGroup", "__aexit__ _aexit", GROUP),
    ("asyncio.streams", "StreamReader", "_wait_for_data", SOCKET), ("asyncio.streams", "FlowControlMixin", "_drain_helper", SOCKET),
    ("asyncio.selector_events", "BaseSelectorEventLoop",
     "sock_recv sock_recv_into sock_recvfrom sock_sendall sock_sendto sock_accept sock_connect", SOCKET))


def wait_for_what(rows):
    """Rows of WAITS become known by their code objects, where module and function exist."""
    for module, owner, names, what in rows:
        found = sys.modules.get(module)
        found = getattr(found, owner, None) if owner else found
        for name in names.split():
            code = getattr(getattr(found, name, None), "__code__", None)
            if code is not None:
                places.PRIMITIVES[id(code)] = (what, code)


# ---------------------------------------------------------------- the hooks

def attach(loop):
    """A loop begins to run on this thread."""
    state = loop._loopscope = ring.thread()
    name = type(loop)
    module = name.__module__.partition(".")[0]
    state.emit(ring.LOOP, ring.text("asyncio.SelectorEventLoop" if name.__name__ == "_UnixSelectorEventLoop" else
                                    "%s.%s" % (module, name.__name__)), 0, 0)
    selector = getattr(loop, "_selector", None)
    if selector is not None and "select" not in getattr(selector, "__dict__", {"select": 0}):
        selector.select = _watched_select(selector.select, state)
    return state


def detach(loop):
    loop._loopscope = None
    selector = getattr(loop, "_selector", None)
    if getattr(getattr(selector, "select", None), "__module__", "") == __name__:
        del selector.select


def _watched_select(select, state):
    def watched(timeout=None):
        if timeout == 0:
            return select(timeout)
        state.what, state.kind = 0, ring.IN_SELECT
        ring.words[state.kind_at] = ring.IN_SELECT
        ring.words[state.what_at] = 0
        since = ring.words[state.since_at] = now()
        found = None
        try:
            found = select(timeout)
            return found
        finally:
            state.emit(PARKED, len(found or ()), 0, since)
            ring.words[state.since_at] = 0
    return watched


def safe(hook, note):
    """`note`, an error of which stops all hooks of the loop."""
    def call(*args):
        if not stopped:
            try:
                return note(*args)
            except Exception as error:
                off(hook, error)
    return call


def watch_run_forever(loop_class):
    original, begin = loop_class.run_forever, safe("run_forever", lambda loop: attach(loop))

    def run_forever(self):
        begin(self)
        try:
            return original(self)
        finally:
            if getattr(self, "_loopscope", None) is not None:
                detach(self)
    loop_class._loopscope = None
    loop_class.run_forever = like(run_forever, original)


def like(ours, original):
    """Ours looks as the original does."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        try:
            setattr(ours, name, getattr(original, name))
        except (AttributeError, TypeError):
            pass
    return ours


def patch_events(events):
    original, Timer = events.Handle._run, events.TimerHandle

    def _run(self):
        try:
            state = self._loop._loopscope
            if state is None:
                if stopped:
                    return original(self)
                state = attach(self._loop)
            callback = self._callback
            kind = type(callback)
            sort = _sorts.get(kind)
            task = callback.__self__ if sort == STEP else None if sort == OTHER else task_of(callback, kind)
        except Exception as error:
            if not isinstance(error, AttributeError):
                off("Handle._run", error)
            return original(self)
        if task is not None:
            turn(state, task, original, self)
        else:
            call(state, callback, original, self, 1 if type(self) is Timer else 0)
        self = callback = task = None  # as the original: a traceback may keep this frame
    events.Handle._run = like(_run, original)


def patch_base_events(base):
    loop = base.BaseEventLoop
    call_soon, call_at, clock = loop._call_soon, loop.call_at, loop.time
    watch_run_forever(loop)

    timed = safe("call_at", lambda *of: note_timer(*of))

    def _call_soon(self, callback, args, context):
        if not stopped:
            try:
                kind = type(callback)
                sort = _sorts.get(kind)
                if sort != OTHER:
                    state = self._loopscope or ring.thread()
                    if sort == STEP and id(callback.__self__) == state.what:
                        state.woke_itself = True
                    else:
                        soon(state, callback, kind, 0)
            except Exception as error:
                off("_call_soon", error)
        return call_soon(self, callback, args, context)

    def _call_at(self, when, callback, *args, context=None):
        if callback is _fulfil and self._loopscope is not None:
            timed(self._loopscope, args, when if type(self).time is clock else 0)
        return call_at(self, when, callback, *args, context=context)
    loop._call_soon, loop.call_at = like(_call_soon, call_soon), like(_call_at, call_at)
    if sys.version_info >= (3, 12):
        watch_create_task(loop)


def note_timer(state, args, when):
    """Whose future a timer will complete, and when, until the turn ends."""
    if args and when == when:
        state.timer = (args[0], int(min(max(when, 0), 9e9) * 1_000_000_000))


def watch_create_task(loop_class):
    """A task that ran its first steps eagerly never came by the ready queue."""
    original = loop_class.create_task

    def noted(state, task):
        if id(task) not in tasks and isinstance(task, _Tasks) and not task.done():
            introduce(state, task, current_task(state))

    noted = safe("create_task", noted)

    def create_task(self, coro, **named):
        task = original(self, coro, **named)
        if self._loopscope is not None:
            noted(self._loopscope, task)
        return task
    loop_class.create_task = like(create_task, original)


def patch_tasks(module):
    global _Tasks, _Gathering, _Future, _fulfil
    _Tasks = (module.Task, module._PyTask)
    _task_types.clear()
    _Future = sys.modules["asyncio.futures"].Future
    _Gathering = getattr(module, "_GatheringFuture", None)
    _fulfil = getattr(sys.modules["asyncio.futures"], "_set_result_unless_cancelled", None)


def patch_asyncio(module):
    """When all of asyncio is there."""
    wait_for_what(WAITS)
    places.PRIMITIVES[id(module.sleep.__code__)] = (places.LEAF, module.sleep.__code__)
    if sys.version_info < (3, 12):  # later ones await in the task itself
        wait_for_what((("asyncio.tasks", "", "wait_for", ONE),))
