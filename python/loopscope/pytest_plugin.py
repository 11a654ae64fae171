"""pytest --loopscope-max-block=100ms: a test that holds its event loop for longer fails, and says at which line.

A thread looks at what each loop runs, and takes the stack of one that has run the same turn for too long; it needs the
interpreter's lock for that, so where C code keeps the lock the turn's own place is named, which is known afterwards.
"""
import struct
import sys
import tempfile
import threading
import time

import pytest


def nanoseconds(words):
    """"100ms", "0.5s", "100" (milliseconds)."""
    for unit, factor in (("ms", 1e6), ("us", 1e3), ("s", 1e9), ("", 1e6)):
        if words.endswith(unit):
            try:
                return int(float(words[:len(words) - len(unit)]) * factor)
            except ValueError:
                break
    raise pytest.UsageError("--loopscope-max-block: a length such as 100ms, not %r" % words)


def pytest_addoption(parser):
    parser.getgroup("loopscope").addoption(
        "--loopscope-max-block", metavar="LENGTH", help="fail a test that holds its event loop for longer, such as 100ms")


def pytest_configure(config):
    words = config.getoption("--loopscope-max-block")
    if words:
        config.pluginmanager.register(Blocks(nanoseconds(words)), "loopscope-blocks")


class Blocks:
    def __init__(self, longest):
        import loopscope
        from loopscope import places, ring
        self.longest, self.stacks = longest, {}
        self.places, self.ring = places, ring
        self.seen = 1
        if ring.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix="loopscope-")
            loopscope.install(self.folder.name, 1 << 10)
        threading.Thread(target=self.look, name="loopscope", daemon=True).start()

    def look(self):
        """The innermost line of the user's of what runs for too long, sampled while it does."""
        own = threading.get_ident()
        while True:
            time.sleep(self.longest / 4e9)
            natives, words = {t.ident: t.native_id for t in threading.enumerate()}, self.ring.words
            slots = {words[at + 3]: at for at in range(self.ring.SLOTS_AT // 8, self.ring.RECORDS_AT // 8, 4)}
            for thread, frame in sys._current_frames().items():
                slot = slots.get(natives.get(thread))
                if thread == own or slot is None or not words[slot + 1] or words[slot + 2] not in (1, 2):
                    continue
                since = words[slot + 1]
                if self.ring.now() - since < self.longest / 2 or (thread, since) in self.stacks:
                    continue
                lines = []
                while frame is not None:
                    lines.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
                    frame = frame.f_back
                if words[slot + 1] == since:
                    self.stacks[thread, since] = next(
                        (line for line in lines if not self.places.of_library(line[0])), lines[0])

    def held(self):
        """(how long, (file, line, name)) of each turn and callback since the last call that was too long."""
        ring, found = self.ring, []
        end = int(repr(ring.next_record.__self__)[len("count("):-1])
        for number in range(max(self.seen, end - ring.mask), end):
            at, a, b, since, last = struct.unpack_from("<qqqqq", ring.file, ring.RECORDS_AT + (number & ring.mask) * 40)
            kind = last & 255
            if last >> 24 == number and kind in (ring.TURN, ring.CALL) and at - since >= self.longest:
                words = next((words for words, text in ring.texts.items() if text == (b >> 8 if kind == ring.TURN else a)), "?||")
                name, file, place = words.split("|")[:3]
                stack = next((self.stacks[key] for key in self.stacks if key[1] == since), (file, place, name))
                found.append((at - since, stack))
        self.seen = end
        return found

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        self.held()
        self.stacks.clear()
        outcome = yield
        found = self.held()
        if found and outcome.excinfo is None:
            worst, (file, line, name) = max(found)
            outcome.force_exception(pytest.fail.Exception(
                "%s:%s in %s: the event loop was held for %d ms (%d ms are allowed%s)" % (
                    file, line, name, worst / 1e6, self.longest / 1e6,
                    "; %d times in this test" % len(found) if len(found) > 1 else ""), pytrace=False))
