"""Reads a ring and its texts, as docs/ring.md says, for the tests.

    python reader.py FOLDER [PID]    prints the facts, a line each
"""
import json
import os
import struct
import sys

NAMES = ("THREAD SPAWN WOKEN TURN ON CALL PARKED POOL QUEUED STARTED ENDED PRINTED REQUEST ENDPOINT ANSWERED GONE FAILED "
         "CHUNK LOOP").split()
TEXT_AT = {"THREAD": "b", "SPAWN": "b", "CALL": "a", "POOL": "b", "QUEUED": "b", "PRINTED": "b", "REQUEST": "b",
           "ENDPOINT": "b", "FAILED": "b", "LOOP": "a"}
HOW = "again on unknown completed cancelled failed".split()
SORTS = ". timer task several object . . . . . job . client".split()


class Fact:
    def __init__(self, number, moment, kind, a, b, c, thread, text):
        self.number, self.moment, self.kind, self.a, self.b, self.c = number, moment, kind, a, b, c
        self.thread, self.text = thread, text
        if kind == "TURN":
            self.how, self.took = HOW[b & 255], moment - c
        if kind == "ON":
            self.sort = SORTS[c >> 32]

    def __repr__(self):
        more = " ".join(str(getattr(self, n)) for n in ("how", "sort") if hasattr(self, n))
        return "%d %d %s %s a=%d b=%d c=%d %r" % (self.moment, self.thread, self.kind, more, self.a, self.b, self.c, self.text)


class Ring:
    """One process's files, read at this moment."""
    def __init__(self, folder, pid=None):
        pids = [int(n[:-5]) for n in os.listdir(folder) if n.endswith(".ring")]
        self.pid = pid or min(pids)
        self.place = os.path.join(folder, str(self.pid))
        with open(self.place + ".ring", "rb") as file:
            self.data = file.read()
        self.head = json.loads(self.data[:4096].split(b"\0")[0])
        self.texts = {}
        with open(self.place + ".texts", "rb") as file:
            for line in file:
                number, words = json.loads(line)
                assert number not in self.texts, line
                self.texts[number] = words

    def records(self):
        slots = self.head["slots"]
        found = []
        for at in range(8192, 8192 + slots * 40, 40):
            record = struct.unpack_from("<qqqqq", self.data, at)
            if record[4]:
                found.append((record[4] >> 24, record))
        found.sort()
        for number, (moment, a, b, c, last) in found:
            kind = NAMES[(last & 255) - 1]
            words = {"a": a, "b": b}.get(TEXT_AT.get(kind))
            if kind == "TURN":
                words = b >> 8
            elif kind == "ON":
                words = c & 0xFFFFFFFF
            elif kind == "REQUEST":
                words = b & (1 << 46) - 1
            yield Fact(number, moment, kind, a, b, c, last >> 8 & 0xFFFF, "" if words is None else self.texts[words])

    def facts(self, *kinds):
        return [f for f in self.records() if not kinds or f.kind in kinds]

    def errors(self):
        try:
            with open(self.place + ".errors") as file:
                return file.read()
        except OSError:
            return ""

    def open_slots(self):
        for index in range(128):
            what, since, kind, native = struct.unpack_from("<qqqq", self.data, 4096 + index * 32)
            if native:
                yield index, kind, what, since, native


if __name__ == "__main__":
    ring = Ring(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
    print(ring.head)
    for fact in ring.records():
        print(fact)
    print(list(ring.open_slots()), ring.errors())
