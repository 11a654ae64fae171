"""What watching costs: the same programs bare, watched, and under other tools, in one run; ratios to bare are printed.

    python bench.py [--python PYTHON] [--rounds 5] [step queue route def start memory]

A step is one `await asyncio.sleep(0)`; a queue item goes through an asyncio.Queue(10); a route is FastAPI's under uvicorn,
asked over loopback by eight connections. Sides take turns, so that a busy machine disturbs all of them alike; of all rounds
the best counts, of requests the median of the ratios. What is not installed is skipped with a sentence.
"""
import argparse
import asyncio
import os
import socket
import statistics
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
    """Nanoseconds on a processor, of all threads that live."""
    total = 0
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/schedstat" % (pid, thread)) as file:
            total += int(file.read().split()[0])
    return total


def connected(child, port):
    for _ in range(600):
        try:
            return [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
        except OSError:
            if child.poll() is not None:
                raise RuntimeError(child.stderr.read().strip().splitlines()[-1])
            time.sleep(0.05)
    raise RuntimeError("it does not listen")


def burst(connections, path, count):
    request = ("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % path).encode()
    for _ in range(count // len(connections)):
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(65_536)


def asked(python, sides, path, folder, rounds):
    """Requests a second and CPU a request, of servers that live side by side and are asked in turns, in short bursts; the
    median of the ratios counts."""
    servers, found = {}, {side: [] for side in sides}
    port = 20_000 + os.getpid() % 10_000
    try:
        for number, side in enumerate(sides):
            child = start(python, side, ["--serve", str(port + number)], folder)
            servers[side] = child, connected(child, port + number)
            burst(servers[side][1], path, 400)
        for number in range(rounds * 8):
            for side in sides if number % 2 else sides[::-1]:
                child, connections = servers[side]
                before, began = cpu_of(child.pid), time.monotonic()
                burst(connections, path, 160)
                found[side].append((160 / (time.monotonic() - began), (cpu_of(child.pid) - before) / 160e9))
    finally:
        for child, _ in servers.values():
            child.kill()
            child.communicate()
    for what, at in (("/s", 0), (" CPU", 1)):
        for side in sides:
            ratio = statistics.median(own[at] / bare[at] for own, bare in zip(found[side], found["bare"]))
            print("  %-10s %-20s %12.6g   %.2f" % (path + what, side, statistics.median(own[at] for own in found[side]), ratio), flush=True)


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
                asked(python, [s for s in sides if s in SERVED], what, folder, given.rounds)


if __name__ == "__main__":
    main()
