async def later(seconds, coroutine):  #? later
    await asyncio.sleep(seconds / SPEED)  #? later
    await coroutine  #? later
  #? later
  #? later
async def story():
    global began, loop
    loop = asyncio.get_running_loop()
    # pools
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ready, go, answered = asyncio.Event(), threading.Event(), asyncio.Event()

    # The clients have a loop and a thread of their own, as if they were elsewhere.
    def clients():
        with asyncio.Runner() as runner:
            runner.run(connect(listener.getsockname()[1]))
            loop.call_soon_threadsafe(ready.set)
            go.wait()
            runner.run(play())
            loop.call_soon_threadsafe(answered.set)

    threading.Thread(target=clients, daemon=True).start()
    await ready.wait()
    ours = asyncio.all_tasks()
    began = time.monotonic()
    # starts
    go.set()
    await answered.wait()
    ended = time.monotonic()
    # What goes on after the answers belongs to the story, too.
    await asyncio.sleep(0.02)
    while left := asyncio.all_tasks() - ours:
        await asyncio.wait(left)
        ended = time.monotonic()
        await asyncio.sleep(0.02)
    # left
    builtins.print(f"{(ended - began) * SPEED:9.3f}s  (end)", flush=True)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(story())
