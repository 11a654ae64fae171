"""Found first on PYTHONPATH: starts watching, then hands on to the program's own sitecustomize, wherever it is."""
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
if os.environ.get("LOOPSCOPE_DIR"):
    sys.path.insert(0, os.path.dirname(_here))
    try:
        import loopscope
        loopscope.install()
    except Exception:
        pass  # the program goes on unwatched; that no ring appears tells the watcher
    sys.path.remove(os.path.dirname(_here))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != _here]
sys.modules.pop("sitecustomize", None)
sys.path_importer_cache.pop(_here, None)
import sitecustomize  # noqa: E402,F401  the program's own; its errors, and that there is none, are told as always
