began = time.monotonic()


def print(*words):
    at = (time.monotonic() - began) * SPEED
    line = " ".join(str(word) for word in words)
    builtins.print(f"{at:9.3f}s  {line}\n", end="", flush=True)
