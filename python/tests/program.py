"""Runs small programs bare and watched, for the tests."""
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap

from reader import Ring

HERE = os.path.dirname(os.path.abspath(__file__))
INJECT = os.path.join(os.path.dirname(HERE), "inject")


def has(module):
    return subprocess.run([sys.executable, "-c", "import " + module], stderr=subprocess.DEVNULL).returncode == 0


class Program:
    """A program in a folder of its own: `app.py`, and what else is given as name=text."""
    def __init__(self, source, **files):
        self.folder = tempfile.mkdtemp(prefix="loopscope-test-")
        self.ring_folder = os.path.join(self.folder, "ring")
        os.mkdir(self.ring_folder, 0o700)
        for name, text in dict(files, app=source).items():
            with open(os.path.join(self.folder, name + ".py"), "w") as file:
                file.write(textwrap.dedent(text))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def environment(self, watched, **more):
        found = {k: v for k, v in os.environ.items() if not k.startswith(("LOOPSCOPE", "PYTHON"))}
        found.update(more)
        if watched:
            found["PYTHONPATH"] = os.pathsep.join([INJECT] + ([found["PYTHONPATH"]] if "PYTHONPATH" in found else []))
            found.update({"LOOPSCOPE_DIR": self.ring_folder, "LOOPSCOPE_SIGNAL": "16"})
        return found

    def start(self, watched=True, python=(), arguments=(), **more):
        return subprocess.Popen([sys.executable, *python, "app.py", *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=self.environment(watched, **more))

    def run(self, watched=True, python=(), arguments=(), **more):
        """(exit code, stdout, stderr)"""
        child = self.start(watched, python, arguments, **more)
        out, error = child.communicate(timeout=60)
        return child.returncode, out, error

    def rings(self):
        return [Ring(self.ring_folder, int(n[:-5])) for n in sorted(os.listdir(self.ring_folder)) if n.endswith(".ring")]
