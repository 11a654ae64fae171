"""What watching costs: the same programs bare, watched, and under other tools, in one run; ratios to bare are printed.

    python bench.py [--python PYTHON] [--rounds 5] [--seconds 2] [step queue route def start memory]

A step is one `await asyncio.sleep(0)`; a queue item goes through an asyncio.Queue(10); a route is FastAPI's under uvicorn,
asked over loopback by eight connections. Of all rounds the best counts, and sides take turns, so that a busy machine
disturbs all of them alike. What is not installed is skipped with a sentence.
"""
import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
N = 40_000


# ---------------------------------------------------------------- what runs in the child

async def step():
    for _ in range(N):
        await asyncio.sleep(0)


async def queue():
    items = asyncio.Queue(10)

    async def put():
        for i in range(N):
            await items.put(i)

    async def get():
        for _ in range(N):
            await items.get()
    await asyncio.gather(put(), get())


def serve(port):
    import uvicorn
    from fastapi import FastAPI
    app = FastAPI()

    @app.get("/route")
    async def route():
        return {"a": 1}

    @app.get("/def")
    def plain():
        return {"a": 1}
    uvicorn.run(app, port=port, log_level="critical", access_log=False)


async def load(port, path, seconds, connections=8):
    """Requests a second."""
    request = ("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % path).encode()
    count, end = 0, time.monotonic() + seconds

    async def one():
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:"))
            await reader.readexactly(length)
            count += 1
        writer.close()
    await asyncio.gather(*(one() for _ in range(connections)))
    return count / max(seconds, 1e-9)


async def with_peer(name, main):
    """The program, with another tool started inside it, as its own pages say."""
    if name == "asyncviz":
        import asyncviz
        asyncviz.start()
    elif name == "loopsentry":
        from loopsentry import LoopSentry
        LoopSentry().start()
    elif name == "aiocop":
        import aiocop
        aiocop.patch_audit_functions()
        aiocop.start_blocking_io_detection()
        aiocop.detect_slow_tasks(threshold_ms=50)
        aiocop.activate()
    await main


def play(what, side):
    started = time.process_time()
    main = {"step": step, "queue": queue}[what]()
    asyncio.run(with_peer(side, main) if side in PEERS else main)
    print("took", (time.process_time() - started) / N)


# ---------------------------------------------------------------- sides

PEERS = ("asyncviz", "loopsentry", "aiocop")
SIDES = {  # name: (what comes before the program, environment, module that must be there)
    "bare": ([], {}, None),
    "watched": ([], {"PYTHONPATH": os.path.join(HERE, "inject")}, None),
    "asyncio debug mode": ([], {"PYTHONASYNCIODEBUG": "1"}, None),
    "viztracer": (["-m", "viztracer", "--quiet", "--ignore_frozen", "--tracer_entries", "500000", "-o", "{}/v.json", "--"], {}, "viztracer"),
    "cProfile": (["-m", "cProfile", "-o", "{}/profile"], {}, None),
    "asyncviz": ([], {}, "asyncviz"),
    "loopsentry": ([], {}, "loopsentry"),
    "aiocop": ([], {}, "aiocop"),
}
SERVED = ("bare", "watched", "asyncio debug mode", "cProfile")


def start(python, side, arguments, folder, **more):
    before, environment, _ = SIDES[side]
    environment = dict(os.environ, **environment)
    if side == "watched":
        environment.update(LOOPSCOPE_DIR=folder, LOOPSCOPE_SIGNAL="16")
    command = [python] + [b.format(folder) for b in before] + [os.path.abspath(__file__)] + arguments
    return subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def played(python, side, what, folder):
    child = start(python, side, ["--play", what, "--side", side], folder)
    out, error = child.communicate()
    found = [line.split()[1] for line in out.splitlines() if line.startswith("took ")]
    if not found:
        raise RuntimeError((error.strip().splitlines() or ["no result"])[-1])
    return float(found[0])


def cpu_of(pid):
    with open("/proc/%d/stat" % pid) as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def asked(python, side, path, folder, port, seconds):
    """(requests a second, CPU seconds of the server a request)"""
    child = start(python, side, ["--serve", str(port)], folder)
    try:
        for _ in range(400):
            try:
                asyncio.run(load(port, path, 0, 1))
                break
            except OSError:
                if child.poll() is not None:
                    raise RuntimeError(child.stderr.read().strip().splitlines()[-1])
                time.sleep(0.05)
        asyncio.run(load(port, path, 0.3))
        before = cpu_of(child.pid)
        rate = asyncio.run(load(port, path, seconds))
        return rate, (cpu_of(child.pid) - before) / (rate * seconds)
    finally:
        child.kill()
        child.communicate()


def started(python, side, folder):
    """(seconds, bytes) of a program that only imports asyncio."""
    code = ("import asyncio\nasyncio.run(asyncio.sleep(0))\nfor line in open('/proc/self/status'):\n"
            "    if line.startswith('VmRSS'): print(line.split()[1])")
    environment = dict(os.environ, **SIDES[side][1])
    if side == "watched":
        environment["LOOPSCOPE_DIR"] = folder
    before = time.monotonic()
    out = subprocess.run([python, "-c", code], env=environment, stdout=subprocess.PIPE, check=True).stdout
    return time.monotonic() - before, int(out) * 1024


# ---------------------------------------------------------------- the table

def has(python, module):
    return module is None or subprocess.run([python, "-c", "import " + module], stderr=subprocess.DEVNULL).returncode == 0


def compare(title, sides, measure, rounds, better=min):
    best = {}
    for _ in range(rounds):
        for side in list(sides):
            try:
                found = measure(side)
            except (RuntimeError, OSError) as error:
                print("  %s does not run here: %s" % (side, error))
                sides.remove(side)
                continue
            best[side] = better(found, best[side]) if side in best else found
    for side in sides:
        print("  %-10s %-20s %12.6g   %.2f" % (title, side, best[side], best[side] / best["bare"]), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--python", default=sys.executable, metavar="FILE")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=2)
    options.add_argument("--sides", default=",".join(SIDES))
    options.add_argument("--play"), options.add_argument("--side"), options.add_argument("--serve", type=int)
    options.add_argument("what", nargs="*", default=["step", "queue", "route", "def", "start", "memory"])
    given = options.parse_args()
    if given.play:
        return play(given.play, given.side)
    if given.serve:
        return serve(given.serve)
    python, sides = os.path.abspath(given.python), []
    for side in given.sides.split(","):
        if has(python, SIDES[side][2]):
            sides.append(side)
        else:
            print("  %s is not installed: pip install %s" % (side, SIDES[side][2]))
    print(subprocess.run([python, "-V"], stdout=subprocess.PIPE, text=True).stdout.strip())
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for what in given.what:
            if what in ("step", "queue"):
                compare(what, list(sides), lambda side: played(python, side, what, folder), given.rounds)
            elif what in ("start", "memory"):
                both = [s for s in sides if s in ("bare", "watched")]
                compare(what, both, lambda side: started(python, side, folder)[what == "memory"], given.rounds * 3)
            elif not has(python, "fastapi, uvicorn"):
                print("  fastapi and uvicorn are not installed: no %s" % what)
            else:
                port, found = 20_000 + os.getpid() % 20_000, {}

                def measure(side):
                    rate, cpu = asked(python, side, what, folder, port, given.seconds)
                    found[side] = min(cpu, found.get(side, cpu))
                    return rate
                compare(what + "/s", [s for s in sides if s in SERVED], measure, given.rounds, max)
                for side in found:
                    print("  %-10s %-20s %12.6g   %.2f" % (what + " CPU", side, found[side], found[side] / found["bare"]))


if __name__ == "__main__":
    main()
