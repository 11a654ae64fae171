"""Says what an asyncio program does, in a folder that `loopscope` reads while it runs or afterwards.

    import loopscope
    loopscope.install("recording")    # then: loopscope replay recording

Nothing is imported and nothing is touched before `install` is called. (PYTEST_DONT_REWRITE: what is watched may be pytest.)
"""
__version__ = "0.1.0"
__all__ = ["install"]


def install(folder=None, slots=None):
    """Watches this process from here on, and answers the folder that it writes: the one that is named, else LOOPSCOPE_DIR,
    else a new one in the working folder. Of what happens, the last `slots` records are kept. A second call changes
    nothing. Raises OSError where the folder cannot be written."""
    import os
    from . import ring
    if ring.folder is not None:
        return ring.folder
    named = os.environ.get("LOOPSCOPE_DIR")
    slots = slots or int(os.environ.get("LOOPSCOPE_SLOTS") or (1 << 16 if named and folder is None else 1 << 20))
    if slots & slots - 1 or slots <= 0:
        raise ValueError("slots: a power of two")
    folder = os.path.abspath(folder or named or "loopscope-%d" % os.getpid())
    os.makedirs(folder, mode=0o700, exist_ok=True)
    ring.open_files(folder, slots)
    from . import hooks, imports, output
    imports.start()
    output.start()
    os.register_at_fork(after_in_child=hooks.guarded("fork", ring.in_child))
    ring.thread()
    return folder
