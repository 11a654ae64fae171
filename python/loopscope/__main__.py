"""python -m loopscope [-o FOLDER] app.py … | -m module …: runs a program and says what it does in a folder."""
import os
import runpy
import sys

from loopscope import install

USAGE = "usage: python -m loopscope [-o FOLDER] (FILE | -m MODULE) [ARGUMENTS…]"


def main(given):
    folder = None
    if given[:1] == ["-o"]:
        folder, given = given[1:2], given[2:]
        folder = folder[0] if folder else None
    module = given[:1] == ["-m"]
    given = given[module:]
    if not given or given[0].startswith("-"):
        sys.exit(USAGE)
    folder = install(folder)
    process = os.getpid()
    sys.argv[:] = given
    try:
        if module:
            sys.path[0] = os.getcwd()
            runpy.run_module(given[0], run_name="__main__", alter_sys=True)
        else:
            sys.path[0] = os.path.dirname(os.path.abspath(given[0]))
            runpy.run_path(given[0], run_name="__main__")
    finally:
        if os.getpid() == process:
            sys.stderr.write("loopscope replay %s\n" % folder)


if __name__ == "__main__":
    main(sys.argv[1:])
