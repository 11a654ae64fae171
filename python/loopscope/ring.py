"""The file that a reader maps: facts of 40 bytes, texts beside it, one open slot a thread. docs/ring.md is its format.

It may be read at any moment and the process may be killed at any moment, so there is no lock and no thread: a record's
last word, with its number, is written last. All space is reserved when the file is made, because a write into a mapped
page that the disk has no room for would kill the process.

    private name                   versions     without it
    _json.encode_basestring_ascii  3.9-3.14     nothing is watched
    threading._active              3.9-3.14     threads have no names
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

from _json import encode_basestring_ascii as quoted

(THREAD, SPAWN, WOKEN, TURN, ON, CALL, PARKED, POOL, QUEUED, STARTED, ENDED, PRINTED, REQUEST, ENDPOINT, ANSWERED, GONE,
 FAILED, CHUNK, LOOP) = range(1, 20)
IN_TURN, IN_CALL, IN_SELECT, IN_JOB = 1, 2, 3, 4
SLOTS_AT, RECORDS_AT, OPEN_SLOTS = 4096, 8192, 128
TEXTS_KEPT, BYTES_OF_TEXTS, LENGTH_OF_TEXT = 20_000, 64 << 20, 2_000
PREFIXES = [os.path.dirname(os.path.abspath(where)) for where in (os.__file__, __file__)]  # whose files are a library's

now = time.monotonic_ns
pack = struct.Struct("<qqqqq").pack_into
pack_slot = struct.Struct("<qqq").pack_into
current = _thread._local()  # .state: the Thread of the thread that asks

folder = file = None  # the mapped file; None: nothing is watched
words = None       # the same as 64 bit words
mask = 0           # slots - 1
next_record = next_text = next_job = next_pool = next_request = None
texts = {}         # text: its number; no more than TEXTS_KEPT
caches = [texts]   # all that holds numbers of texts or ids of what lives in one process: emptied in a forked child
errors = set()     # names of hooks that failed; what is in here stays off
_text_file = None  # descriptor, (device, inode)
_text_bytes = 0
_signal = 0        # what faulthandler answers to
_free = []         # indexes of threads that ended
_next_index = itertools.count().__next__


class Thread:
    """One thread, as the hooks see it. `what` since `since`: what it runs, 0 where that is nothing known; of a loop the
    task, or the label of the callback, and what the tasks are woken by meanwhile."""
    __slots__ = ("index", "word", "slot", "what", "since", "kind", "task", "known", "label", "cause", "woke_itself", "job")

    def __init__(self):
        self.index = _free.pop() if _free else _next_index()
        self.task = self.known = self.label = None
        self.what = self.since = self.kind = self.cause = self.job = self.woke_itself = 0
        self.open()

    def open(self):
        """Introduces the thread to the ring that is open now."""
        known = sys.modules.get("threading")
        thread = known and known._active.get(_thread.get_ident())
        native, index = _thread.get_native_id(), min(self.index, 0xFFFF)
        self.word = index << 8
        self.slot = SLOTS_AT + index * 32 if index < OPEN_SLOTS else RECORDS_AT + (mask + 1) * 40  # else one that is not read
        self.runs(0, 0, 0)
        words[self.slot // 8 + 3] = native
        self.emit(THREAD, native, text(thread.name if thread else "thread" if index else "MainThread"))

    def emit(self, kind, a, b=0, c=0, at=0):
        """One record, at this moment unless another is named."""
        n = next_record()
        pack(file, RECORDS_AT + (n & mask) * 40, at or now(), a, b, c, n << 24 | self.word | kind)

    def runs(self, kind, what, since):
        """What it runs from now on; `since` 0: nothing."""
        self.kind, self.what, self.since = kind, what, since
        pack_slot(file, self.slot, what, since, kind)

    def __del__(self, free=_free):
        if words is not None:  # None: the interpreter ends
            words[self.slot // 8 + 1] = 0
            free.append(self.index)


def thread():
    """The state of the thread that asks."""
    try:
        return current.state
    except AttributeError:
        state = current.state = Thread()
        return state


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
    """The number of a text that is not worth remembering, such as a printed line. 0 where there is no room."""
    global _text_file, _text_bytes
    if _text_file is None or not words:
        return 0
    number = next_text()
    line = ("[%d, %s]\n" % (number, quoted(words[:LENGTH_OF_TEXT]))).encode()
    descriptor, file_of = _text_file
    try:
        _text_bytes += len(line)
        # Now and then: the program may have closed it, and opened something of its own there.
        own = number & 63 or os.fstat(descriptor)[1:3] == file_of
        if own and _text_bytes < BYTES_OF_TEXTS and os.write(descriptor, line) == len(line):
            return number
    except OSError:
        pass
    _text_file = None
    return 0


# ---------------------------------------------------------------- the files of a process

def high(path):
    """A descriptor that is in the way of none: a program that counts on the lowest free ones gets them."""
    low = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, min(900, os.sysconf("SC_OPEN_MAX") - 24))
    finally:
        os.close(low)


def open_files(where, slots):
    """Makes the files of this process. Raises OSError where there is no room or no right."""
    global folder, file, words, mask, _text_file, _text_bytes, _signal
    global next_record, next_text, next_job, next_pool, next_request
    place = os.path.join(where, str(os.getpid()))
    size = RECORDS_AT + slots * 40 + 64
    ring = os.open(place + ".ring.tmp", os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(ring, 0, size)
        mapped = mmap.mmap(ring, size)
        descriptor = high(place + ".texts")
        os.write(descriptor, b'[0, ""]\n')
    except OSError:
        os.unlink(place + ".ring.tmp")
        raise
    finally:
        os.close(ring)
    folder, file, words, mask = where, mapped, memoryview(mapped).cast("q"), slots - 1
    next_record, next_text, next_job, next_pool, next_request = (itertools.count(1).__next__ for _ in range(5))
    _text_file, _text_bytes = (descriptor, os.fstat(descriptor)[1:3]), 8
    _signal = _answer_with_stacks(place + ".stacks")
    write_head(_signal)
    os.rename(place + ".ring.tmp", place + ".ring")


def write_head(signal):
    """Says whose ring it is. `signal` 0: no thread is to be asked for its stack."""
    argv = list(getattr(sys, "orig_argv", None) or getattr(sys, "argv", ()))
    try:
        cwd = os.getcwd()
    except OSError:
        cwd = ""
    while True:
        head = '{"ring":1,"pid":%d,"parent":%d,"argv":[%s],"cwd":%s,"prefix":[%s],"python":"%s","signal":%d,"slots":%d,"at":%d}' % (
            os.getpid(), os.getppid(), ",".join(map(quoted, argv)), quoted(cwd), ",".join(map(quoted, PREFIXES)),
            sys.version.split()[0], signal, mask + 1, now())
        if len(head) < SLOTS_AT or not argv:
            break
        argv.pop()
    file[:SLOTS_AT] = head.encode()[:SLOTS_AT].ljust(SLOTS_AT, b"\0")


def ask_in_system_calls():
    """Where compiled code runs Python's frames itself, faulthandler may crash on one that is half made: from now on a thread
    is to be asked only while it is in a system call. Seen with uvloop on CPython 3.13."""
    write_head(-abs(_signal))


def _answer_with_stacks(path):
    """faulthandler answers the watcher's signal in C, on the thread that is asked, whichever thread has the GIL. The
    number that it answers to, or 0: none was named, or the program has a handler of its own there.

    Its handler is registered with SA_RESTART: read, write, accept, connect, wait4 and futex go on as if nothing had
    been. Linux never restarts epoll_wait, poll, select, nanosleep, clock_nanosleep, and sockets with a timeout of their
    own: these answer EINTR. Python tries all of them again (PEP 475) with what is left of the time; a C library that
    does not look at EINTR sees a sleep or a poll that ends early. So the watcher asks only a thread that is blocked for
    longer than its threshold, and asks seldom."""
    import _signal as signals
    number = int(os.environ.get("LOOPSCOPE_SIGNAL") or 0)
    if not number or signals.getsignal(number) not in (signals.SIG_DFL, None):
        return 0
    faulthandler.register(number, file=high(path), all_threads=False, chain=False)
    return number


def in_child():
    """After a fork: files of its own. The one thread that is left is introduced again."""
    global _next_index
    for cache in caches:
        cache.clear()
    _next_index = itertools.count().__next__
    open_files(folder, mask + 1)
    state = thread()
    state.index, state.task = _next_index(), None
    state.open()
