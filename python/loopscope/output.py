"""Printed lines, each with the task or the job that printed it; and the watcher's signal, where the program wants it.

sys.stdout and sys.stderr stay the objects that they are: only the attribute `write` is put before the method, which print,
logging and writelines look up. What replaces them is not seen, and neither is what is written to the descriptors.
"""
import os
import sys
from _io import TextIOWrapper

from . import asyncio_, hooks, ring


def start():
    if os.environ.get("LOOPSCOPE_OUTPUT") != "0":
        for stream in (sys.stdout, sys.stderr):
            if type(stream) is TextIOWrapper and "write" not in getattr(stream, "__dict__", {"write": 0}):
                watch(stream)


def watch(stream):
    parts = []  # of a line that has no end yet

    def note(_, words):
        if "\n" not in words:
            if len(parts) < 200:
                parts.append(words)
            return
        *lines, rest = ("".join(parts) + words).split("\n")
        parts[:] = [rest] if rest else []
        state = ring.thread()
        for line in lines:
            state.emit(ring.PRINTED, asyncio_.current_task(state), ring.once(line), state.job)
    hooks.hook(stream, "write", None, note)


def signal_taken(before, number, handler):
    """A program that takes the watcher's signal gets it, and the watcher is told."""
    if number == int(os.environ.get("LOOPSCOPE_SIGNAL") or 0):
        ring._signal = 0
        ring.write_head(0)
