"""How a function of the program's libraries is watched: guarded, so that an error of ours never reaches the program.

What a watched function raises passes our frame. From 3.11 on its traceback does not show that (3.9 and 3.10 keep the
traceback of an exception that is being handled where no code can reach it).
"""
import os
import sys
from functools import wraps

from . import ring


def failed(hook, error):
    """Turns a hook off; tells why in PID.errors, once. Nothing of the program's is written to."""
    if hook in ring.errors or ring.folder is None:
        return
    ring.errors.add(hook)
    try:
        import traceback
        with open(os.path.join(ring.folder, "%d.errors" % os.getpid()), "a") as told:
            told.write("%s: %s" % (hook, "".join(traceback.format_exception(type(error), error, error.__traceback__))))
    except Exception:
        pass


def guarded(hook, note):
    """`note`, which is called no more after its first error, and answers None."""
    def call(*args, **named):
        if hook not in ring.errors:
            try:
                return note(*args, **named)
            except Exception as error:
                failed(hook, error)
    return call


def hook(owner, name, before=None, after=None):
    """Watches a function of an object, where there is one of that name: `before` is called with its arguments, and may
    answer others in their place; `after` with what was found and the arguments."""
    original, what = getattr(owner, name, None), "%s.%s" % (getattr(owner, "__name__", ""), name)
    if original is None:
        return

    @wraps(original)
    def watched(*args, **named):
        nonlocal before, after
        if before is not None:
            try:
                args = before(*args, **named) or args
            except Exception as error:
                before = failed(what, error)
        try:
            found = original(*args, **named)
        except BaseException as error:
            error.__traceback__ = error.__traceback__.tb_next
            raise
        if after is not None:
            try:
                after(found, *args, **named)
            except Exception as error:
                after = failed(what, error)
        return found
    setattr(owner, name, watched)
    package = sys.modules.get(what.rpartition(".")[0].rpartition(".")[0])
    if getattr(package, name, None) is original:  # it has been imported from there already
        setattr(package, name, watched)


class Called:
    """Is called in place of a function, and looks like it."""
    __slots__ = ("function",)

    def __call__(self, *args, **named):
        function, failed = self.function, True
        before = self.begins()
        try:
            found = function(*args, **named)
            failed = False
            return found
        except BaseException as error:
            error.__traceback__ = error.__traceback__.tb_next
            raise
        finally:
            self.ends(before, failed)
            self = function = args = named = found = None  # a traceback may keep this frame

    def __repr__(self):
        return repr(self.function)

    def __getattr__(self, name):
        return getattr(self.function, name)
