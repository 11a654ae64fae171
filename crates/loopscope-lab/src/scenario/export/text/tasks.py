async def later(seconds, coroutine):  #? later
    await asyncio.sleep(seconds / SPEED)  #? later
    await coroutine  #? later
  #? later
  #? later
async def story():
    global began, loop
    loop = asyncio.get_running_loop()
    # pools
    began = time.monotonic()
    # starts
    while left := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(left)
    ended = time.monotonic()
    # left
    builtins.print(f"{(ended - began) * SPEED:9.3f}s  (end)", flush=True)


if __name__ == "__main__":
    asyncio.run(story())
