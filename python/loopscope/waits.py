"""What a task waits for: which object of a library, or how many tasks, or until when.

A task stands in an `await` of its own files, and below that in coroutines of a library. The first of these that is in one
of FILES, or is one of TASKS, tells it: by its class and name, which the watcher knows the meaning of, and by its state.

    private name                                         versions    without it
    tasks._GatheringFuture, ._children                   3.9-3.14    a gather is a future of unknown kind
    tasks._wait and its variable `counter`               3.9-3.14    `asyncio.wait` is a future of unknown kind
    the variable `h` of asyncio.sleep                    3.9-3.14    a timer is a future of unknown kind
    the attributes in STATE                              see there   that part of the state is not told
"""
import sys

from . import ring

TIMER, TASK, SEVERAL, OBJECT, JOB, CLIENT = 1, 2, 3, 4, 10, 12  # the sort of ON
FILES = ("/asyncio/locks.py", "/asyncio/queues.py", "/asyncio/streams.py", "/asyncio/taskgroups.py", "/asyncio/selector_events.py",
         "/anyio/_backends/_asyncio.py", "/anyio/streams/memory.py", "/aiohttp/web_protocol.py")
TASKS = {"sleep", "_wait"} | ({"wait_for"} if sys.version_info < (3, 12) else set())  # later ones await in the task itself
STATE = ("_value", "_bound_value",           # asyncio Event, Semaphore, BoundedSemaphore 3.9-3.14; anyio Semaphore 4
         "_queue", "_maxsize",               # asyncio Queue 3.9-3.14
         "buffer", "max_buffer_size",        # anyio MemoryObject*Stream._state 3, 4
         "_borrowers", "_total_tokens",      # anyio CapacityLimiter 4
         "_tasks")                           # asyncio TaskGroup 3.11-3.14


def tells(code):
    """Whether a coroutine of a library with this code says what is waited for."""
    file = code.co_filename
    return file.endswith(FILES) and code.co_name != "__aenter__" or file.endswith("/asyncio/tasks.py") and code.co_name in TASKS


def on(coro, code, known):
    """(value, sort, number of the text) of ON, by the coroutine that tells it; `known` is what was said last: where the
    same is waited for, that. None where it is not known."""
    here, name = coro.cr_frame.f_locals, code.co_name
    if name == "sleep":
        when, clock = here["h"].when(), here["loop"].time()
        own = not abs(clock - ring.now() / 1e9) < 1 or when != when  # the loop has a clock of its own
        return 0 if own else int(min(when, 9e9) * 1e9), TIMER, 0
    if name == "_wait":
        return here["counter"], SEVERAL, 0
    if name == "wait_for":
        return id(here["fut"]), TASK, 0
    job = getattr(here.get("func"), "number", 0) if name == "run_sync_in_worker_thread" else 0
    if job:
        return job, JOB, 0
    it = here.get("self")
    if it is None or name == "start" and type(coro.cr_await) is type(coro):  # aiohttp's waits for a request itself
        return None
    if known is not None and known[0] == id(it) and known[3:] == (name,):
        return known
    holds = getattr(it, "_state", it)
    state = [getattr(holds, attribute, None) for attribute in STATE]
    state = ["" if value is None else str(len(value) if hasattr(value, "__len__") else value)[:20] for value in state]
    return id(it), CLIENT if name == "start" else OBJECT, ring.text("%s.%s|%s" % (type(it).__name__, name, ",".join(state))), name
