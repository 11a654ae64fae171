"""Two ways to wait in a FastAPI server: one holds the event loop, one gives it back.

    loopscope watch FILE             on the screen: each save runs it again; `r` does so, too
    loopscope watch --report FILE    runs it once, and tells who held the loop

It needs two packages: pip install fastapi uvicorn
"""

# What loopscope sends as soon as the server listens, all at the same moment. Change the numbers, or the paths.
# loopscope: GET /blocks x2
# loopscope: GET /awaits x2

import asyncio
import time

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/blocks")
async def blocks():
    time.sleep(1)  # holds the loop: nobody else has a turn. As a plain `def` it would run on a thread.
    return "blocked"


@app.get("/awaits")
async def awaits():
    await asyncio.sleep(1)  # gives the loop back: the others go on
    return "awaited"


if __name__ == "__main__":
    uvicorn.run(app, port=8000)
