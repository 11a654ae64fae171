"""What is written is what happened."""
import os
import signal
import subprocess
import sys
import time
import unittest

from program import Program, has
from reader import Ring

HERE = os.path.dirname(os.path.abspath(__file__))


def facts(source, loop="asyncio", **more):
    with Program(source) as program:
        if loop == "uvloop":
            more["LOOP"] = "uvloop"
        code, out, error = program.run(True, **more)
        assert code == 0, error
        ring = program.rings()[0]
        assert ring.errors() == "", ring.errors()
        return list(ring.records()), ring


START = """import asyncio, os, sys, time
if os.environ.get("LOOP") == "uvloop":
    import uvloop
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
"""


LOOPS = ["asyncio"] + (["uvloop"] if has("uvloop") else [])


class Facts(unittest.TestCase):
    def test_one_turn_one_record(self):
        for loop in LOOPS:
            found, _ = facts(START + """
async def main():
    for _ in range(10):
        await asyncio.sleep(0)
    time.sleep(0.02)
asyncio.run(main())
""", loop)
            spawn = next(f for f in found if f.kind == "SPAWN" and f.text.startswith("main|"))
            turns = [f for f in found if f.kind == "TURN" and f.a == spawn.a][:11]
            self.assertEqual([t.how for t in turns], ["again"] * 10 + ["completed"])
            self.assertEqual({t.text.partition("|")[0] + "|" + "|".join(t.text.split("|")[2:]) for t in turns[:10]}, {"main|8|sleep"})
            self.assertGreaterEqual(turns[10].took, 20_000_000)
            self.assertFalse([f for f in found if f.kind == "WOKEN" and f.a == spawn.a])
            ends = [t.moment for t in turns]
            self.assertEqual(ends, sorted(ends))
            self.assertTrue(all(a.moment <= b.c for a, b in zip(turns, turns[1:])))

    def test_what_is_waited_for(self):
        for loop in LOOPS:
            found, _ = facts(START + """
async def lock(l):
    async with l: await asyncio.sleep(0.01)
async def get(q): await q.get()
async def put(q): await q.put(1); await q.put(2)
async def semaphore(s):
    async with s: await asyncio.sleep(0.01)
async def event(e): await e.wait()
async def condition(c):
    async with c: await c.wait()
async def task(t): await t
async def gather(): await asyncio.gather(asyncio.sleep(0.01), asyncio.sleep(0.02))
async def timer(): await asyncio.sleep(0.015)
async def job(): await asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.03)
async def outer(): await inner()
async def inner(): await asyncio.sleep(0.001)
async def main():
    l, q, q2, s, e, c = asyncio.Lock(), asyncio.Queue(), asyncio.Queue(1), asyncio.BoundedSemaphore(1), asyncio.Event(), asyncio.Condition()
    ts = [asyncio.ensure_future(x) for x in (lock(l), lock(l), get(q), put(q2), semaphore(s), semaphore(s), event(e), condition(c),
          gather(), timer(), job(), outer())]
    ts.append(asyncio.ensure_future(task(ts[0])))
    await asyncio.sleep(0.02)
    e.set(); await q.put(1); await q2.get(); await q2.get()
    async with c: c.notify()
    await asyncio.wait(ts)
asyncio.run(main())
""", loop)
            names = {}
            for f in found:  # an address is used again
                if f.kind == "SPAWN":
                    names[f.a] = f.text.partition("|")[0]
                f.name, f.other = names.get(f.a), names.get(f.b)
            seen = {(f.name, f.sort, f.text) for f in found if f.kind == "ON"}
            for expected in (("lock", "object", "Lock.acquire|,,,,,,,,"), ("get", "object", "Queue.get|,,0,0,,,,,"),
                             ("put", "object", "Queue.put|,,1,1,,,,,"), ("event", "object", "Event.wait|False,,,,,,,,"),
                             ("semaphore", "object", "BoundedSemaphore.acquire|0,1,,,,,,,"),
                             ("condition", "object", "Condition.wait|,,,,,,,,"), ("task", "task", ""), ("gather", "several", ""),
                             ("timer", "timer", ""), ("job", "job", ""), ("outer", "timer", "")):
                self.assertIn(expected, seen)
            place = next(f.text for f in found if f.kind == "TURN" and f.name == "outer" and f.how == "on")
            self.assertEqual(place.split("|")[0::3], ["inner", "sleep"])
            timer = next(f for f in found if f.kind == "ON" and f.name == "timer")
            self.assertAlmostEqual((timer.b - timer.moment) / 1e6, 15, delta=2)
            woken = [f for f in found if f.kind == "WOKEN" and f.name == "timer"]
            self.assertEqual([f.b for f in woken], [1])
            on = next(f for f in found if f.kind == "ON" and f.name == "task")
            self.assertEqual(on.other, "lock")

    def test_jobs(self):
        found, _ = facts(START + """
from concurrent.futures import ThreadPoolExecutor
def work(n):
    time.sleep(0.02); print("printed", n)
    if n == 1: raise ValueError
with ThreadPoolExecutor(1, thread_name_prefix="mine") as pool:
    a, b, c = [pool.submit(work, n) for n in range(3)]
    c.cancel()
""")
        pool = next(f for f in found if f.kind == "POOL")
        self.assertEqual((pool.text, pool.c), ("mine", 1))
        jobs = [f.a for f in found if f.kind == "QUEUED"]
        self.assertEqual(jobs, [1, 2, 3])
        self.assertEqual([(f.a, f.b) for f in found if f.kind == "ENDED"], [(3, 1), (1, 0), (2, 2)])
        self.assertEqual([(f.text, f.c) for f in found if f.kind == "PRINTED"], [("printed 0", 1), ("printed 1", 2)])
        started = [f for f in found if f.kind == "STARTED"]
        self.assertEqual([f.a for f in started], [1, 2])
        self.assertNotEqual(started[0].thread, pool.thread)

    def test_failures(self):
        for loop in LOOPS:
            found, _ = facts(START + """
import gc
async def never(): pass
async def fails(): raise ValueError("x")
async def dropped(): await asyncio.get_running_loop().create_future()
async def main():
    asyncio.get_running_loop().set_exception_handler(lambda *_: 0)
    never()
    t = asyncio.ensure_future(fails()); await asyncio.sleep(0.001); del t
    t = asyncio.ensure_future(dropped()); await asyncio.sleep(0); del t; gc.collect()
    asyncio.get_running_loop().call_soon(lambda: 1 / 0); await asyncio.sleep(0.001)
asyncio.run(main())
""", loop)
            told = [(f.c, f.text.split("|")[0], f.text.split("|")[2]) for f in found if f.kind == "FAILED"]
            self.assertEqual(told, [(1, "never", "12"), (2, "ValueError: x", "8"), (3, "dropped", "9"),
                                    (4, "ZeroDivisionError: division by zero", "15")])

    def test_a_forked_child_has_files_of_its_own(self):
        with Program(START + """
async def main(): await asyncio.sleep(0.001)
asyncio.run(main())
if os.fork() == 0:
    asyncio.run(main()); os._exit(0)
os.wait()
""") as program:
            self.assertEqual(program.run()[0], 0)
            parent, child = program.rings()
            self.assertEqual(child.head["parent"], parent.head["pid"])
            self.assertEqual(child.facts()[0].kind, "THREAD")
            for ring in (parent, child):
                self.assertEqual([f.text.partition("|")[0] for f in ring.facts("SPAWN")][0], "main")

    def test_a_killed_program_leaves_what_it_did(self):
        with Program(START + """
async def main():
    print("go", flush=True); i = 0
    while True:
        i += 1; await asyncio.sleep(0); asyncio.ensure_future(asyncio.sleep(0))
asyncio.run(main())
""") as program:
            child = program.start()
            child.stdout.readline()
            time.sleep(0.2)
            child.send_signal(signal.SIGKILL)
            child.communicate()
            ring, = program.rings()
            found = ring.facts("TURN")
            self.assertGreater(len(found), 100)
            numbers = [f.number for f in ring.records()]
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_the_stack_while_c_code_keeps_the_interpreters_lock(self):
        with Program(START + """
import re
async def block():
    re.match("(a+)+$", "a" * 27 + "b")  # here
async def main():
    print("go", flush=True); await block()
asyncio.run(main())
""") as program:
            child = program.start()
            child.stdout.readline()
            time.sleep(0.3)
            ring, = program.rings()
            (_, kind, what, since, native), = [s for s in ring.open_slots() if s[3]]
            self.assertEqual((kind, native), (1, child.pid))
            self.assertIn(what, [f.a for f in ring.facts("SPAWN")])
            self.assertGreater(time.monotonic_ns() - since, 200_000_000)
            with open("/proc/%d/status" % child.pid) as file:
                caught = next(int(line.split()[1], 16) for line in file if line.startswith("SigCgt"))
            self.assertTrue(caught >> 15 & 1)
            child.send_signal(16)
            time.sleep(0.1)
            with open(ring.place + ".stacks") as file:
                self.assertIn("app.py\", line 8 in block", file.read())
            child.kill()
            child.communicate()

    def test_a_program_that_wants_the_signal_gets_it(self):
        with Program("""
            import signal, os
            signal.signal(16, lambda *_: print("mine"))
            os.kill(os.getpid(), 16)
            """) as program:
            self.assertEqual(program.run(), (0, b"mine\n", b""))
            self.assertEqual(program.rings()[0].head["signal"], 0)

    def test_an_interrupted_wait_goes_on(self):
        """What ring.py says of SA_RESTART: a sleep of Python's is as long as it was, a sleep of a C library is not."""
        with Program("""
            import ctypes, os, select, signal, threading, time
            c = ctypes.CDLL(None, use_errno=True)
            r, w = os.pipe()
            def ask():
                time.sleep(0.1); signal.pthread_kill(threading.main_thread().ident, 16)
            def timed(name, what):
                t = threading.Thread(target=ask); t.start(); at = time.monotonic(); what()
                print(name, time.monotonic() - at > 0.25); t.join()
            def later(): time.sleep(0.3); os.write(w, b"x")
            timed("time.sleep", lambda: time.sleep(0.3))
            timed("select", lambda: select.select([], [], [], 0.3))
            timed("poll", lambda: select.poll().poll(300))
            threading.Thread(target=later).start(); timed("read", lambda: os.read(r, 1))
            buffer = ctypes.create_string_buffer(1)
            threading.Thread(target=later).start(); timed("read in C", lambda: c.read(r, buffer, 1))
            timed("usleep in C", lambda: c.usleep(300000))
            timed("poll in C", lambda: c.poll(None, 0, 300))
            """) as program:
            code, out, error = program.run()
            self.assertEqual(dict(line.rsplit(" ", 1) for line in out.decode().splitlines()), {
                "time.sleep": "True", "select": "True", "poll": "True", "read": "True", "read in C": "True",
                "usleep in C": "False", "poll in C": "False"}, error)

    def test_memory_is_flat(self):
        with Program(START + """
def size():
    with open("/proc/self/status") as f: return next(int(l.split()[1]) for l in f if l.startswith("VmRSS"))
async def one(i): await asyncio.sleep(0)
async def some(n):
    for i in range(n):
        t = asyncio.ensure_future(one(i))
        if i % 3 == 0: t.set_name("task %d" % i)
        if i % 100 == 0: await t
    await t
async def main():
    await some(40_000); before = size()
    await some(60_000); print(size() - before)
asyncio.run(main())
""") as program:
            code, out, error = program.run()
            self.assertLess(int(out), 3_000, error)

    def test_texts_are_bounded(self):
        sys.path.insert(0, os.path.dirname(HERE))
        code = """
import sys, os
sys.path.insert(0, %r)
import loopscope
from loopscope import ring
ring.BYTES_OF_TEXTS = 100_000
loopscope.install("ring", 1 << 10)
for i in range(30_000): print("line", i)
assert len(ring.texts) < 100 and ring.once("x") == 0 and ring.text("MainThread"), ring.texts
""" % os.path.dirname(HERE)
        with Program(code) as program:
            code, _, error = program.run(False)
            self.assertEqual(code, 0, error)
            ring, = program.rings()
            self.assertLess(os.path.getsize(ring.place + ".texts"), 100_001)
            self.assertEqual(ring.facts("PRINTED")[-1].text, "")

    def test_a_hook_that_fails_stays_off_and_the_program_goes_on(self):
        code = """
import sys, os, asyncio
sys.path.insert(0, %r)
import loopscope
loopscope.install("ring")
from loopscope import asyncio_
def bad(*_): raise RuntimeError("ours")
asyncio_.%s = bad
async def child(): await asyncio.sleep(0.001); return 1
async def main(): print(await asyncio.gather(child(), asyncio.create_task(child())))
asyncio.run(main())
"""
        for name in ("walk", "awaits", "introduce", "label", "task_of", "soon", "begin", "finish"):
            with self.subTest(name), Program(code % (os.path.dirname(HERE), name)) as program:
                self.assertEqual(program.run(False), (0, b"[1, 1]\n", b""))
                self.assertIn("ours", program.rings()[0].errors())

    def test_alone(self):
        with Program(START + "async def main(): await asyncio.sleep(0.001)\nasyncio.run(main())\nprint(sys.argv, __name__)") as program:
            for before in (["app.py", "a"], ["-m", "app", "a"]):
                done = subprocess.run([sys.executable, "-m", "loopscope", "-o", "ring", *before], cwd=program.folder, stdout=-1, stderr=-1,
                                      env=program.environment(False, PYTHONPATH=os.path.dirname(HERE)))
                self.assertIn(b"'a'] __main__", done.stdout, done.stderr)
                self.assertIn(b"loopscope replay", done.stderr)
            self.assertEqual(len(program.rings()), 2)
            self.assertEqual(program.rings()[0].head["slots"], 1 << 20)
            self.assertEqual(len(program.rings()[0].facts("LOOP")), 3)


if __name__ == "__main__":
    unittest.main()
