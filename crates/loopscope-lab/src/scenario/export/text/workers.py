def worker(listener, start):
    """A whole copy of the server: it shares nothing but the door."""
    global began
    began = start
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    # So that all workers are there when the story begins.
    began = time.monotonic() + 1
    workers = [Process(target=worker, args=(listener, began)) for _ in range(PROCESSES)]
    for one in workers:
        one.start()
    with asyncio.Runner() as runner:
        runner.run(connect(listener.getsockname()[1]))
        time.sleep(began - time.monotonic())
        runner.run(play())
    ended = time.monotonic()
    builtins.print(f"{(ended - began) * SPEED:9.3f}s  (end)", flush=True)
    for one in workers:
        one.terminate()
        one.join()
