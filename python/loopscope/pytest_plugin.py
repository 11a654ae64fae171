"""pytest --loopscope-max-block=100ms: a test that holds its event loop for longer fails, and says at which line.

A thread looks at what each loop runs, and takes the stack of one that has run the same turn for too long; it needs the
interpreter's lock for that, so where C code keeps the lock the turn's own place is named, which is known afterwards.
"""
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
        from loopscope import asyncio_, places, ring
        self.longest, self.found, self.stacks = longest, [], {}
        self.asyncio, self.places, self.ring = asyncio_, places, ring
        if ring.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix="loopscope-")
            loopscope.install(self.folder.name, 1 << 10)
        asyncio_.report, asyncio_.slowest = self.held, longest
        threading.Thread(target=self.look, name="loopscope", daemon=True).start()

    def look(self):
        """The innermost line of the user's of what runs for too long, sampled while it does."""
        own = threading.get_ident()
        while True:
            time.sleep(self.longest / 4e9)
            for thread, frame in sys._current_frames().items():
                state = self.ring.states.get(thread, lambda: None)()
                if thread == own or state is None or not state.what or state.kind not in (1, 2):
                    continue
                since = state.since
                if self.ring.now() - since < self.longest / 2 or (thread, since) in self.stacks:
                    continue
                lines = []
                while frame is not None:
                    lines.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
                    frame = frame.f_back
                if state.since == since:
                    self.stacks[thread, since] = next(
                        (line for line in lines if not self.places.of_library(line[0])), lines[0])

    def held(self, state, task, callback, since, until):
        line = self.stacks.pop((threading.get_ident(), since), None)
        if line is None:
            code = getattr(getattr(task, "get_coro", lambda: None)(), "cr_code", None)
            words = self.places.label(callback).split("|") if callback is not None else (
                code.co_qualname if hasattr(code, "co_qualname") else code.co_name, code.co_filename, code.co_firstlineno)
            line = (words[1], words[2], words[0])
        self.found.append((until - since, line))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        self.found.clear()
        self.stacks.clear()
        outcome = yield
        if self.found and outcome.excinfo is None:
            worst, (file, line, name) = max(self.found)
            outcome.force_exception(pytest.fail.Exception(
                "%s:%s in %s: the event loop was held for %d ms (%d ms are allowed%s)" % (
                    file, line, name, worst / 1e6, self.longest / 1e6,
                    "; %d times in this test" % len(self.found) if len(self.found) > 1 else ""), pytrace=False))
