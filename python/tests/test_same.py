"""A watched program does what it does bare: same output, same exit code, and no hook failed."""
import re
import sys
import unittest

from program import Program, has

LOOPS = ["asyncio"] + (["uvloop"] if has("uvloop") else [])
RUN = """
import asyncio, os, re, sys, contextvars, functools, io, threading, time, traceback
if os.environ["LOOP"] == "uvloop":
    import uvloop
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
def go(main):
    if hasattr(asyncio, "run"): return asyncio.run(main)
"""

PROGRAMS = {
    "exceptions": """
        async def fails():
            await asyncio.sleep(0)
            raise ValueError("of a task")
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: print(
                re.sub("0x[0-9a-f]+", "", context["message"].split(" at ")[0].split("(")[0]), sorted(context), repr(context.get("exception")),
                [f.name for f in traceback.extract_tb(getattr(context.get("exception"), "__traceback__", None))
                 if os.sep + "loopscope" + os.sep not in f.filename]))
            loop.call_soon(lambda: 1 / 0)
            await asyncio.sleep(0)
            loop.call_later(0.001, functools.partial(int, "x"))
            await asyncio.sleep(0.05)
            try:
                await asyncio.create_task(fails())
            except ValueError as error:
                print(error, [f.name for f in traceback.extract_tb(error.__traceback__)])
            task = asyncio.create_task(fails())
            await asyncio.sleep(0.01)
            del task
        go(main())
        print("end")
        """,
    "order": """
        said = []
        async def say(name, n):
            for i in range(n):
                said.append((name, i)); await asyncio.sleep(0)
        async def main():
            loop = asyncio.get_running_loop()
            loop.call_soon(said.append, "soon")
            q = asyncio.Queue(2)
            async def put():
                for i in range(7):
                    await q.put(i)
            tasks = [asyncio.create_task(say(n, 3)) for n in "abc"] + [asyncio.create_task(put())]
            for i in range(7):
                said.append(await q.get())
            await asyncio.gather(*tasks, say("d", 2))
        go(main())
        print(said)
        """,
    "cancellation": """
        async def deep():
            try:
                await asyncio.sleep(float("inf"))
            except asyncio.CancelledError:
                print("cancelled"); raise
            finally:
                print("finally")
        async def main():
            t = asyncio.create_task(deep()); await asyncio.sleep(0)
            t.cancel()
            try: await t
            except asyncio.CancelledError: print("seen", t.cancelled())
            try: await asyncio.wait_for(deep(), 0.01)
            except asyncio.TimeoutError: print("timeout")
            g = asyncio.gather(deep(), deep()); await asyncio.sleep(0); g.cancel()
            try: await g
            except asyncio.CancelledError: print("gather")
        go(main())
        """,
    "context variables": """
        v = contextvars.ContextVar("v", default=0)
        async def child():
            v.set(v.get() + 1); await asyncio.sleep(0); return v.get()
        async def main():
            v.set(10)
            print(await asyncio.gather(child(), child()), v.get(), [c.name for c in contextvars.copy_context()])
            asyncio.get_running_loop().call_soon(lambda: print(v.get()))
            await asyncio.sleep(0.01)
        go(main())
        """,
    "exit in a callback": """
        async def main():
            asyncio.get_running_loop().call_soon(sys.exit, 3)
            await asyncio.sleep(1)
        go(main())
        """,
    "exit at once": """
        async def main():
            print("before", flush=True); os._exit(7)
        go(main())
        """,
    "streams": """
        print(sys.stdout.encoding, sys.stdout.errors, sys.stdout.line_buffering, sys.stdout.isatty(), type(sys.stdout),
              sys.stdout is sys.__stdout__, sys.stdout.name, sys.stdout.mode, sys.stdout.write("x\\n"))
        try: sys.stdout.write(5)
        except TypeError as error: print(error)
        old, sys.stdout = sys.stdout, io.StringIO()
        print("kept")
        sys.stdout, text = old, sys.stdout.getvalue()
        print(repr(text))
        sys.stdout.writelines(["a", "b\\n", "c\\nd\\n"])
        print("no end", end="")
        """,
    "closed descriptors": """
        for n in (0, 1, 2): os.close(n)
        async def main():
            fd = os.open("out.txt", os.O_CREAT | os.O_WRONLY)
            await asyncio.sleep(0); os.write(fd, b"%d" % fd)
        go(main())
        os._exit(0)
        """,
    "all descriptors closed": """
        os.closerange(3, 4096)
        async def main():
            found = [os.open("f%d.txt" % i, os.O_CREAT | os.O_RDWR) for i in range(5)]
            for i in range(200): print("line", i)
            await asyncio.gather(*(asyncio.sleep(0) for _ in range(20)))
            print(found, [os.fstat(f).st_size for f in found])
        if os.environ["LOOP"] == "asyncio": go(main())
        """,
    "fork": """
        async def main():
            await asyncio.sleep(0)
        go(main())
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            go(main()); print("child", flush=True); os._exit(5)
        print("parent", os.waitpid(child, 0)[1] >> 8)
        async def inside():
            sys.stdout.flush()
            child = os.fork()
            if child == 0:
                print("inside", flush=True); os._exit(6)
            await asyncio.sleep(0.01)
            print(os.waitpid(child, 0)[1] >> 8)
        go(inside())
        """,
    "subclasses": """
        class Loop(asyncio.SelectorEventLoop):
            def call_soon(self, callback, *args, context=None):
                self.count = getattr(self, "count", 0) + 1
                return super().call_soon(callback, *args, context=context)
            def _check_closed(self):
                super()._check_closed()
            def time(self):
                return super().time() + 1000
        class Task(asyncio.Task):
            __slots__ = ("mine",)
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_task_factory(lambda loop, coro, **more: Task(coro, loop=loop, **more))
            t = loop.create_task(asyncio.sleep(0.01, 5)); print(type(t).__name__, await t)
            python = asyncio.tasks._PyTask(asyncio.sleep(0.01, 6), loop=loop); print(await python)
            return loop.count > 5
        loop = Loop(); print(loop.run_until_complete(main())); loop.close()
        try: loop.call_soon(print)
        except RuntimeError as error: print(error)
        print(loop.is_closed(), vars(loop).get("_selector"))
        """,
    "handles": """
        async def main():
            loop = asyncio.get_running_loop()
            def f(*a): print("f", a)
            h = loop.call_soon(f, 1); print(re.sub("0x[0-9a-f]+|app.py:[0-9]+", "", repr(h)), h.cancelled())
            h2 = loop.call_later(0.5, f, 2); print(type(h2).__name__); h2.cancel(); print(h2.cancelled())
            h3 = loop.call_soon_threadsafe(f, 3)
            await asyncio.sleep(0.01)
            try: loop.call_soon(5)
            except TypeError as error: print(error)
            except Exception as error: print(type(error))
            import inspect
            print(inspect.iscoroutinefunction(main))
        import re
        go(main())
        """,
    "threads": """
        def work(n):
            if n == 3: raise KeyError(n)
            return n, threading.current_thread().name.split("_")[0]
        async def main():
            loop = asyncio.get_running_loop()
            print(await asyncio.gather(*(loop.run_in_executor(None, work, n) for n in range(5)), return_exceptions=True))
            from concurrent.futures import ThreadPoolExecutor
            with ThreadPoolExecutor(1, thread_name_prefix="mine") as pool:
                slow = pool.submit(time.sleep, 0.05); never = pool.submit(work, 1); print(never.cancel(), never.cancelled())
                print(pool.submit(work, 2).result())
                try: pool.submit(work, 3).result()
                except KeyError as error: print(repr(error), traceback.extract_tb(error.__traceback__)[-1].name)
            def other():
                print(go(main2()))
            async def main2(): await asyncio.sleep(0.001); return "a loop in a thread"
            t = threading.Thread(target=other); t.start()
            while t.is_alive(): await asyncio.sleep(0.001)
        go(main())
        """,
    "generators": """
        async def numbers():
            try:
                for i in range(3):
                    await asyncio.sleep(0); yield i
            finally:
                print("closed")
        class Waits:
            def __await__(self):
                yield from asyncio.sleep(0).__await__(); return 4
        async def main():
            print([i async for i in numbers()], await Waits())
            async for i in numbers(): break
            it = numbers(); print(await it.asend(None)); await it.aclose()
        go(main())
        """,
    "dropped tasks": """
        import gc, weakref
        async def never():
            try: await asyncio.get_running_loop().create_future()
            finally: print("let go")
        async def main():
            asyncio.get_running_loop().set_exception_handler(lambda l, c: print(c["message"]))
            t = asyncio.create_task(never()); r = weakref.ref(t); await asyncio.sleep(0); del t; gc.collect(); print(r())
            class Thing: pass
            async def holds(x): await asyncio.sleep(0.001)
            thing = Thing(); r = weakref.ref(thing)
            await asyncio.create_task(holds(thing)); del thing; await asyncio.sleep(0); print(r())
            f = asyncio.get_running_loop().create_future(); r = weakref.ref(f)
            asyncio.get_running_loop().call_later(0.001, f.cancel); del f; await asyncio.sleep(0.01); print(r())
        go(main())
        """,
    "no cycles": """
        import gc, weakref
        gc.disable()
        class Thing: pass
        async def fails(thing):
            await asyncio.sleep(0)
            raise ValueError(1)
        def work(thing): raise ValueError(2)
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda *_: print("told"))
            for how in (lambda x: loop.create_task(fails(x)), lambda x: loop.run_in_executor(None, work, x),
                        lambda x: loop.call_soon(work, x), lambda x: loop.call_later(0.001, work, x)):
                thing = Thing(); seen = [weakref.ref(thing)]
                kept = how(thing); del thing
                await asyncio.sleep(0.05)
                if hasattr(kept, "exception"): print(repr(kept.exception()))
                del kept
                await asyncio.sleep(0.01)
                print([r() is None for r in seen])
        go(main())
        """,
    "never awaited": """
        import warnings
        async def f(): pass
        warnings.simplefilter("always"); f()
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always"); f()
            print([(str(w.message).split("\\n")[0], os.path.basename(w.filename), w.lineno) for w in found])
        """,
    "debug mode": """
        async def main():
            asyncio.get_running_loop().set_debug(True); asyncio.get_running_loop().slow_callback_duration = 60
            asyncio.get_running_loop().call_soon(print, "x"); await asyncio.sleep(0.01); await asyncio.to_thread(int) if hasattr(asyncio, "to_thread") else None
        go(main())
        """,
    "trace functions": """
        seen = []
        def trace(frame, event, argument):
            if frame.f_code.co_filename.endswith("app.py"): seen.append((frame.f_code.co_name, event, frame.f_lineno))
            return trace
        async def f():
            await asyncio.sleep(0)
            return 1
        async def main():
            await f()
        sys.settrace(trace); go(main()); sys.settrace(None)
        print(seen, sys.gettrace())
        """,
    "servers": """
        async def serve(reader, writer):
            while True:
                line = await reader.readline()
                if not line: break
                writer.write(line.upper()); await writer.drain()
            writer.close()
        async def main():
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            for words in (b"a\\n", b"b\\n"):
                writer.write(words); print(await reader.readline())
            writer.close(); await writer.wait_closed(); server.close(); await server.wait_closed()
            p = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", "print(1)", stdout=-1)
            print(await p.communicate())
        go(main())
        """,
}
if sys.version_info >= (3, 12):
    PROGRAMS["eager tasks"] = """
        said = []
        async def quick(): said.append("quick"); return 1
        async def slow():
            said.append("slow"); await asyncio.sleep(0.001); said.append("slow end"); print("of slow")
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            a, b = asyncio.create_task(quick()), asyncio.create_task(slow())
            said.append("main"); print(a.done(), b.done()); await b; print(said)
        go(main())
        """


class Same(unittest.TestCase):
    maxDiff = None

    def same(self, program, python=(), **more):
        bare, watched = program.run(False, python, **more), program.run(True, python, **more)
        clean = [(code, out, re.sub(rb"0x[0-9a-f]+|\d+\.\d{3,}|[^\n]*loopscope[^\n]*\n[^\n]*\n", b"", error)) for code, out, error in
                 (bare, watched)]
        self.assertEqual(clean[0], clean[1])
        for ring in program.rings():
            self.assertEqual(ring.errors(), "")
            ring.facts()
        self.assertTrue(program.rings())
        return watched

    def test_programs(self):
        import textwrap
        for name, source in PROGRAMS.items():
            for loop in LOOPS:
                with self.subTest(name, loop=loop), Program(RUN + textwrap.dedent(source)) as program:
                    self.same(program, LOOP=loop)

    def test_warnings_are_errors(self):
        with Program(RUN + "go(asyncio.sleep(0.01)); print(1)") as program:
            self.same(program, ("-W", "error", "-b"), LOOP="asyncio")
            self.same(program, ("-W", "error", "-X", "dev", "-O"), LOOP="asyncio")

    def test_sitecustomize_of_the_program(self):
        print_it = "import sys; print('custom', sys.modules['sitecustomize'].here, 'sitecustomize' in sys.modules)"
        with Program(print_it, sitecustomize="here = 5\nprint('first')") as program:
            self.same(program, PYTHONPATH=program.folder)
        with Program(print_it, sitecustomize="here = 5\nraise ValueError(1)") as program:
            self.same(program, PYTHONPATH=program.folder)
        with Program("import sys; print('sitecustomize' in sys.modules, sys.path[1:])\n"
                     "try: import sitecustomize\nexcept ImportError as e: print(e)") as program:
            bare, watched = program.run(False), program.run(True)
            self.assertEqual(bare, watched)

    def test_not_watched_where_the_environment_is_not_read(self):
        with Program("print(1)") as program:
            self.assertEqual(program.run(True, ("-I",)), program.run(False, ("-I",)))
            self.assertEqual(program.rings(), [])

    def test_folder_that_is_not_there(self):
        with Program(RUN + "go(asyncio.sleep(0)); print(1)") as program:
            code, out, error = program.run(True, LOOP="asyncio", LOOPSCOPE_SLOTS="3")
            self.assertEqual((code, out, error), (0, b"1\n", b""))


if __name__ == "__main__":
    unittest.main()
