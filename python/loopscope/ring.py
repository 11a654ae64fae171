"""The file that a reader maps: facts of 40 bytes, texts beside it, one open slot a thread. docs/ring.md is its format.

It may be read at any moment and the process may be killed at any moment, so there is no lock and no thread: a record's
last word, with its number, is written last. All space is reserved when the file is made, because a write into a mapped
page that the disk has no room for would kill the process.

    private name               versions     without it
    _json.encode_basestring_ascii  3.9-3.14  nothing is watched
    threading._active          3.9-3.14      threads have no names
"""
import _thread
import faulthandler
import fcntl
import itertools
import mmap
import os
import struct
import sys
import time
from _weakref import ref

from _json import encode_basestring_ascii as quoted

(THREAD, SPAWN, WOKEN, TURN, ON, CALL, PARKED, POOL, QUEUED, STARTED, ENDED, PRINTED, REQUEST, ENDPOINT, ANSWERED, GONE,
 FAILED, CHUNK, LOOP) = range(1, 20)
IN_TURN, IN_CALL, IN_SELECT, IN_JOB = 1, 2, 3, 4
SLOTS_AT, RECORDS_AT, OPEN_SLOTS = 4096, 8192, 128
TEXTS_KEPT, BYTES_OF_TEXTS, LENGTH_OF_TEXT = 20_000, 64 << 20, 2_000

now = time.monotonic_ns
pack = struct.Struct("<qqqqq").pack_into
current = _thread._local()  # .state: the Thread of the thread that asks

folder = None
file = None        # the mapped file; None: nothing is watched
words = None       # the same as 64 bit words
mask = 0           # slots - 1
next_record = next_text = next_job = next_pool = next_request = None
texts = {}         # text: its number; no more than TEXTS_KEPT
caches = [texts]   # all that holds numbers of texts or ids of what lives in one process: emptied in a forked child
errors = {}        # name of a hook: how often it failed; what is in here stays off
_text_file = None  # descriptor, device, inode
_text_bytes = 0
_free = []         # indexes of threads that ended
states = {}        # identity of a thread: a weak reference to its state, for who looks from another thread
_next_index = itertools.count().__next__
_options = (None, 1 << 16)


class Thread:
    """One thread, as the hooks see it. `what` since `since`: what it runs, 0 where that is nothing known."""
    __slots__ = ("index", "word", "what_at", "kind_at", "since_at", "native", "what", "since", "kind", "cause",
                 "woke_itself", "timer", "job", "waits_in", "__weakref__")

    def __init__(self):
        self.index = _free.pop() if _free else _next_index()
        self.what = self.since = self.kind = self.cause = self.job = 0
        states[_thread.get_ident()] = ref(self)
        self.woke_itself, self.timer, self.waits_in = False, None, None
        self.open()

    def open(self):
        """Introduces the thread to the ring that is open now."""
        known = sys.modules.get("threading")
        thread = known and known._active.get(_thread.get_ident())
        self.native = _thread.get_native_id()
        index = min(self.index, 0xFFFF)
        self.word = index << 8
        slot = SLOTS_AT + index * 32 if index < OPEN_SLOTS else RECORDS_AT + (mask + 1) * 40  # a slot that is not read
        self.what_at, self.since_at, self.kind_at = slot // 8, slot // 8 + 1, slot // 8 + 2
        words[self.since_at] = 0
        words[self.kind_at] = self.kind
        words[slot // 8 + 3] = self.native
        self.emit(THREAD, self.native, text(thread.name if thread else "MainThread" if index == 0 else "thread"), 0)

    def emit(self, kind, a, b, c):
        """One record, at this moment."""
        n = next_record()
        pack(file, RECORDS_AT + (n & mask) * 40, now(), a, b, c, n << 24 | self.word | kind)

    def begin(self, kind, what, since):
        """What runs from now on; answers what it interrupts, for `end`."""
        before = (self.kind, self.what, self.since)
        if self.what:
            words[self.since_at] = 0
        self._run(kind, what, since)
        return before

    def end(self, before):
        words[self.since_at] = 0
        self._run(*before)

    def _run(self, kind, what, since):
        self.kind, self.what, self.since = kind, what, since
        words[self.kind_at], words[self.what_at] = kind, what
        words[self.since_at] = since

    def __del__(self, free=_free):
        if words is not None:  # None: the interpreter ends
            words[self.since_at] = 0
            free.append(self.index)


def thread():
    """The state of the thread that asks."""
    try:
        return current.state
    except AttributeError:
        state = current.state = Thread()
        return state


def emit(kind, a=0, b=0, c=0):
    thread().emit(kind, a, b, c)


# ---------------------------------------------------------------- texts

def text(words):
    """The number of a text that comes again: a name, a place."""
    number = texts.get(words)
    if number is None:
        number = once(words)
        if number and len(texts) < TEXTS_KEPT:
            texts[words] = number  # after the write: another thread must not name it earlier
    return number


def once(words):
    """The number of a text that is not worth remembering: a printed line, a request. 0 where there is no room."""
    global _text_file, _text_bytes
    if _text_file is None or not words:
        return 0
    number = next_text()
    line = ("[%d, %s]\n" % (number, quoted(words[:LENGTH_OF_TEXT]))).encode()
    descriptor, device, inode = _text_file
    try:
        _text_bytes += len(line)
        if number & 63 == 0:  # the program may have closed it, and opened something of its own there
            found = os.fstat(descriptor)
            if (found.st_dev, found.st_ino) != (device, inode):
                _text_bytes = BYTES_OF_TEXTS
        if _text_bytes < BYTES_OF_TEXTS and os.write(descriptor, line) == len(line):
            return number
    except OSError:
        pass
    _text_file = None
    return 0


# ---------------------------------------------------------------- the files of a process

def high(path):
    """A descriptor that is in the way of none: a program that counts on the lowest free ones gets them."""
    import resource
    low = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, min(900, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 24))
    finally:
        os.close(low)


def open_files(where, slots):
    """Makes the files of this process. Raises OSError where there is no room or no right."""
    global folder, file, words, mask, _text_file, _text_bytes, _options
    global next_record, next_text, next_job, next_pool, next_request
    place = os.path.join(where, str(os.getpid()))
    for ending in (".texts", ".stacks"):
        if os.path.exists(place + ending):  # of an earlier process with this number, or before an exec
            os.unlink(place + ending)
    descriptor = high(place + ".texts")
    found = os.fstat(descriptor)
    size = RECORDS_AT + slots * 40
    ring = os.open(place + ".ring.tmp", os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(ring, 0, size + 64)
        mapped = mmap.mmap(ring, size + 64)
    except OSError:
        os.unlink(place + ".ring.tmp"), os.unlink(place + ".texts")
        raise
    finally:
        os.close(ring)
    signal = _answer_with_stacks(place + ".stacks")
    folder, _options = where, (where, slots)
    file, words, mask = mapped, memoryview(mapped).cast("q"), slots - 1
    next_record, next_text, next_job, next_pool, next_request = (itertools.count(1).__next__ for _ in range(5))
    os.write(descriptor, b'[0, ""]\n')
    _text_file, _text_bytes = (descriptor, found.st_dev, found.st_ino), 8
    _write_head(signal, slots)
    os.rename(place + ".ring.tmp", place + ".ring")


def _write_head(signal, slots):
    argv = list(getattr(sys, "orig_argv", None) or getattr(sys, "argv", None) or [])
    library = {os.path.dirname(os.__file__), os.path.dirname(os.path.abspath(__file__))}
    library.update(p for p in sys.path if p.endswith(("site-packages", "dist-packages")))
    try:
        cwd = os.getcwd()
    except OSError:
        cwd = ""
    while True:
        head = ('{"ring":1,"pid":%d,"parent":%d,"argv":[%s],"cwd":%s,"prefix":[%s],"python":"%s","signal":%d,'
                '"slots":%d,"at":%d}' % (os.getpid(), os.getppid(), ",".join(map(quoted, argv)), quoted(cwd),
                                         ",".join(map(quoted, sorted(library))), sys.version.split()[0], signal, slots,
                                         now())).encode()
        if len(head) < SLOTS_AT or not argv:
            break
        argv.pop()
    file[:SLOTS_AT] = head[:SLOTS_AT].ljust(SLOTS_AT, b"\0")


def _answer_with_stacks(path):
    """faulthandler answers the watcher's signal in C, on the thread that is asked, whichever thread has the GIL. The
    number that it answers to, or 0: none was named, or the program has a handler of its own there.

    Its handler is registered with SA_RESTART: read, write, accept, connect, wait4 and futex go on as if nothing had
    been. Linux never restarts epoll_wait, poll, select, nanosleep, clock_nanosleep, and sockets with a timeout of their
    own: these answer EINTR. Python tries all of them again (PEP 475) with what is left of the time; a C library that
    does not look at EINTR sees a sleep or a poll that ends early. So the watcher asks only a thread that is blocked for
    longer than its threshold, and asks seldom."""
    number = int(os.environ.get("LOOPSCOPE_SIGNAL") or 0)
    if not number:
        return 0
    import _signal
    if _signal.getsignal(number) not in (_signal.SIG_DFL, None):
        return 0
    faulthandler.register(number, file=high(path), all_threads=False, chain=False)
    return number


def signal_taken():
    """The program wants the signal for itself: the head says so, and the watcher asks no more."""
    if file is not None:
        _write_head(0, mask + 1)


def in_child():
    """After a fork: files of its own. The one thread that is left is introduced again."""
    global _next_index
    for cache in caches:
        cache.clear()
    _next_index = itertools.count().__next__
    open_files(*_options)
    state = thread()
    state.index = _next_index()
    state.kind = state.what = state.since = 0
    state.open()


def guarded(hook, note):
    """`note`, whose errors are counted and told; after the first one it is called no more, and answers None."""
    def call(*args):
        if hook not in errors:
            try:
                return note(*args)
            except Exception as error:
                failed(hook, error)
    return call


def failed(hook, error):
    """Counts an error of a hook, and tells the first one in PID.errors; nothing of the program's is written to."""
    errors[hook] = errors.get(hook, 0) + 1
    if errors[hook] > 1 or folder is None:
        return
    try:
        lines, trace = ["%s: %r" % (hook, error)], error.__traceback__
        while trace is not None:
            lines.append("  %s:%d %s" % (trace.tb_frame.f_code.co_filename, trace.tb_lineno, trace.tb_frame.f_code.co_name))
            trace = trace.tb_next
        with open(os.path.join(folder, "%d.errors" % os.getpid()), "a") as told:
            told.write("\n".join(lines) + "\n")
    except Exception:
        pass
