"""python -m loopscope [-o FOLDER] app.py … | -m module …: runs a program and says what it does in a folder."""
import os
import runpy
import sys

from loopscope import install


def main(given):
    folder = given[1] if given[:1] == ["-o"] and given[1:] else None
    given = given[2:] if folder else given
    module = given[:1] == ["-m"]
    sys.argv[:] = given = given[module:]
    if not given or given[0].startswith("-"):
        sys.exit("usage: python -m loopscope [-o FOLDER] (FILE | -m MODULE) [ARGUMENTS…]")
    folder, process = install(folder), os.getpid()
    sys.path[0] = os.getcwd() if module else os.path.dirname(os.path.abspath(given[0]))
    try:
        if module:
            runpy.run_module(given[0], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(given[0], run_name="__main__")
    finally:
        if os.getpid() == process:
            sys.stderr.write("loopscope replay %s\n" % folder)


if __name__ == "__main__":
    main(sys.argv[1:])
