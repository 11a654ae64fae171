"""All tests, on the Python that runs them and on those that are named: python run.py [PYTHON…]"""
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))

if __name__ == "__main__":
    failed = [python for python in sys.argv[1:]
              if subprocess.run([python, os.path.join(HERE, "run.py")]).returncode]
    if len(sys.argv) == 1:
        print(sys.version.split()[0], flush=True)
        found = unittest.TextTestRunner().run(unittest.defaultTestLoader.discover(HERE, "test_*.py", HERE))
        sys.exit(not found.wasSuccessful())
    sys.exit("failed on " + ", ".join(failed) if failed else 0)
