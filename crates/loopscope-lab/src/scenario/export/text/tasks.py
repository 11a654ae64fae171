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


if __name__ == "__main__":
    # What main leaves on the loop is cancelled, what runs on a thread is waited for.
    asyncio.run(story())  #? sure
    try:  #? fails
        asyncio.run(story())  #? fails
    except Exception as error:  #? fails
        builtins.print(repr(error), file=sys.stderr)  #? fails
    # left
    ended = time.monotonic()
    builtins.print(f"{(ended - began) * SPEED:9.3f}s  (end)", flush=True)
