"""Jobs: queued, started, ended; pools with their sizes: executors, and anyio's limiters.

    private name                                          versions              without it
    ThreadPoolExecutor._max_workers, ._thread_name_prefix  3.9-3.14              size and name are not told
    ProcessPoolExecutor._max_workers                       3.9-3.14              size is not told
    anyio _backends._asyncio.AsyncIOBackend.run_sync_in_worker_thread  anyio 4   no jobs of anyio
    anyio MemoryObject*Stream._state                       anyio 3, 4            a stream is an event
"""
from weakref import WeakKeyDictionary

from . import asyncio_, places, ring

COMPLETED, CANCELLED, FAILED = 0, 1, 2
_pools = WeakKeyDictionary()  # an executor or a limiter: [its number, its size as it was told]
ring.caches.append(_pools)
_last = {}  # identity of a thread's state: the job that was queued last on it
ring.caches.append(_last)


def pool_of(owner, name, size):
    """The number of a pool, which is told when it is new and when its size changed."""
    known = _pools.get(owner)
    if known is None:
        known = _pools[owner] = [ring.next_pool(), None]
    if known[1] != size:
        known[1] = size
        ring.emit(ring.POOL, known[0], ring.text(name), size)
    return known[0]


class Job:
    """A function on its way through a pool; is called in place of it."""
    __slots__ = ("number", "function", "started")

    def __init__(self, function, pool):
        self.number, self.function, self.started = ring.next_job(), function, False
        state = ring.thread()
        _last[state.index] = self.number
        state.emit(ring.QUEUED, self.number, places.number_of_label(function), pool << 32)

    def __call__(self, *args, **named):
        try:
            self.started = True
            state, number = ring.thread(), self.number
            before, outer = state.begin(ring.IN_JOB, number, ring.now()), state.job
            state.job = number
            state.emit(ring.STARTED, number, 0, 0)
        except Exception as error:
            ring.failed("job", error)
            return self.function(*args, **named)
        outcome = FAILED
        try:
            found = self.function(*args, **named)
            outcome = COMPLETED
            return found
        finally:
            state.job = outer
            state.emit(ring.ENDED, number, outcome, 0)
            state.end(before)
            self = args = named = None  # a traceback may keep this frame

    def dropped(self):
        """It will never start."""
        if not self.started:
            self.started = True
            ring.emit(ring.ENDED, self.number, CANCELLED)

    def __repr__(self):
        return repr(self.function)

    def __getattr__(self, name):
        return getattr(self.function, name)


def _submitted(executor, name, function):
    return Job(function, pool_of(executor, name, getattr(executor, "_max_workers", 0)))


def patch_thread(module):
    original = module.ThreadPoolExecutor.submit
    make = ring.guarded("submit", _submitted)

    def submit(self, fn, /, *args, **named):
        job = make(self, getattr(self, "_thread_name_prefix", "") or "threads", fn)
        future = original(self, job or fn, *args, **named)
        if job is not None:
            future.add_done_callback(lambda f: f.cancelled() and job.dropped())
        return future
    module.ThreadPoolExecutor.submit = asyncio_.like(submit, original)


def patch_process(module):
    """Queued and ended; that it started is known in the other process only."""
    original = module.ProcessPoolExecutor.submit
    make = ring.guarded("submit to a process", _submitted)

    def submit(self, fn, /, *args, **named):
        future = original(self, fn, *args, **named)
        job = make(self, "processes", fn)
        if job is not None:
            future.add_done_callback(lambda f: ring.emit(ring.ENDED, job.number, CANCELLED if f.cancelled() else
                                                         FAILED if f.exception() is not None else COMPLETED))
        return future
    module.ProcessPoolExecutor.submit = asyncio_.like(submit, original)


def patch_base_events(module):
    watch_run_in_executor(module.BaseEventLoop)


def watch_run_in_executor(loop_class):
    """Which job an asyncio future stands for."""
    original = loop_class.run_in_executor
    asyncio_.jobs_of_futures = _jobs

    def run_in_executor(self, executor, func, *args):
        index = ring.thread().index
        _last.pop(index, None)
        future = original(self, executor, func, *args)
        number = _last.pop(index, None)
        if number is not None and type(future).__hash__ is not None:
            _jobs[future] = number
        return future
    loop_class.run_in_executor = asyncio_.like(run_in_executor, original)


_jobs = WeakKeyDictionary()
ring.caches.append(_jobs)


# ---------------------------------------------------------------- anyio

def patch_anyio(module):
    backend = module.AsyncIOBackend
    original = backend.run_sync_in_worker_thread.__func__

    def queued(cls, func, limiter):
        owner = limiter or cls.current_default_thread_limiter()
        size, name = owner.total_tokens, "anyio" if limiter is None else "anyio, a limiter of its own"
        known = asyncio_.tasks.get(asyncio_.current_task(ring.thread()))
        return Job(func, pool_of(owner, name, int(size) if size < 1e9 else 0)), known

    queued = ring.guarded("run_sync_in_worker_thread", queued)

    def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        found = queued(cls, func, limiter)
        if found is None:
            return original(cls, func, args, abandon_on_cancel, limiter)
        return _until_it_ended(original(cls, found[0], args, abandon_on_cancel, limiter), *found)
    backend.run_sync_in_worker_thread = classmethod(asyncio_.like(run_sync_in_worker_thread, original))
    _waits(getattr(module, "CapacityLimiter", None), "acquire_on_behalf_of", (7, None, _limiter))
    _waits(getattr(module, "Semaphore", None), "acquire", (7, None, _limiter))
    _waits(getattr(module, "Lock", None), "acquire", asyncio_.LOCK)


async def _until_it_ended(run, job, known):
    if known is not None:
        known.job = job.number
    try:
        return await run
    finally:
        if known is not None:
            known.job = 0
        job.dropped()
        run = job = None


def _limiter(limiter):
    total = getattr(limiter, "total_tokens", None)
    if total is None:
        return "%d free" % limiter.value
    return "%d of %s free" % (limiter.available_tokens, total)


def _stream(stream):
    state = stream._state
    return "%d/%s" % (len(state.buffer), state.max_buffer_size)


def patch_streams(module):
    _waits(getattr(module, "MemoryObjectReceiveStream", None), "receive", (5, None, _stream))
    _waits(getattr(module, "MemoryObjectSendStream", None), "send", (6, None, _stream))


def _waits(owner, name, what):
    code = getattr(getattr(owner, name, None), "__code__", None)
    if code is not None:
        places.PRIMITIVES[id(code)] = (what, code)
