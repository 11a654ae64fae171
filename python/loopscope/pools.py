"""Jobs: queued, started, ended; pools with their sizes: executors, and anyio's limiters.

    private name                                          versions              without it
    ThreadPoolExecutor._max_workers, ._thread_name_prefix  3.9-3.14              size and name are not told
    ProcessPoolExecutor._max_workers                       3.9-3.14              size is not told
    anyio _backends._asyncio.AsyncIOBackend.run_sync_in_worker_thread  anyio 4   no jobs of anyio
    attributes of a future                                 3.9-3.14              a task waits for a future of unknown kind
"""
from weakref import WeakKeyDictionary

from . import hooks, places, ring

COMPLETED, CANCELLED, FAILED = 0, 1, 2
_pools = WeakKeyDictionary()  # an executor or a limiter: [its number, its size as it was told]
ring.caches.append(_pools)


def queued(owner, name, size, function):
    """The number of a new job; a pool is told when it is new and when its size changed."""
    state = ring.thread()
    known = _pools.get(owner)
    if known is None:
        known = _pools[owner] = [ring.next_pool(), None]
    if known[1] != size:
        known[1] = size
        state.emit(ring.POOL, known[0], ring.text(name), size)
    job = ring.next_job()
    state.emit(ring.QUEUED, job, places.label(function)[0], known[0] << 32)
    return job


class Job(hooks.Called):
    """A function on its way through a pool."""
    __slots__ = ("number", "started")

    def __init__(self, owner, name, size, function):
        self.started = True  # nothing to be told, should the next line fail
        self.number, self.function = queued(owner, name, size, function), function
        self.started = False

    def begins(self):
        state = ring.thread()
        before = state.job, state.kind, state.what, state.since
        self.started, self.function, state.job = True, None, self.number  # what a function holds is let go where it was
        state.runs(ring.IN_JOB, self.number, ring.now())
        state.emit(ring.STARTED, self.number)
        return before

    def ends(self, before, failed):
        state = ring.thread()
        state.emit(ring.ENDED, self.number, FAILED if failed else COMPLETED)
        state.job = before[0]
        state.runs(*before[1:])

    def __del__(self):
        """It will never start."""
        if not self.started and ring.words is not None:
            self.started = True
            ring.thread().emit(ring.ENDED, self.number, CANCELLED)


def submit(pool, function, /, *args, **named):
    name, size = getattr(pool, "_thread_name_prefix", "") or "threads", getattr(pool, "_max_workers", 0)
    return (pool, Job(pool, name, size, function), *args)


def submitted(future, pool, job, /, *args, **named):
    if type(job) is Job:
        future._loopscope = job.number
        future.add_done_callback(lambda future: future.cancelled() and job.__del__())


def submitted_to_process(future, pool, function, /, *args, **named):
    """Queued and ended; that it started is known in the other process only."""
    job = future._loopscope = queued(pool, "processes", getattr(pool, "_max_workers", 0), function)
    future.add_done_callback(lambda future: ring.thread().emit(
        ring.ENDED, job, CANCELLED if future.cancelled() else FAILED if future.exception() is not None else COMPLETED))


def wrapped(found, future, **named):
    """Which job an asyncio future stands for."""
    if found is not future:
        found._loopscope = getattr(future, "_loopscope", 0)


def queue(function, args, *more, limiter=None, **named):
    """A job of anyio."""
    from anyio.to_thread import current_default_thread_limiter
    owner, name = limiter or current_default_thread_limiter(), "anyio" if limiter is None else "anyio, a limiter of its own"
    return (Job(owner, name, int(owner.total_tokens) if owner.total_tokens < 1e9 else 0, function), args, *more)
