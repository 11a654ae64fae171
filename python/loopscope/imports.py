"""Patches a module when the program imports it, and only then."""
import sys
from importlib import import_module

from . import ring

PATCHES = {  # module: where its patches are
    "asyncio.events": "asyncio_.patch_events",
    "asyncio.base_events": "asyncio_.patch_base_events failures.patch_base_events pools.patch_base_events",
    "asyncio.tasks": "asyncio_.patch_tasks", "asyncio": "asyncio_.patch_asyncio", "uvloop": "uvloop_.patch_uvloop",
    "concurrent.futures.thread": "pools.patch_thread", "concurrent.futures.process": "pools.patch_process",
    "anyio._backends._asyncio": "pools.patch_anyio", "anyio.streams.memory": "pools.patch_streams",
    "uvicorn.protocols.http.h11_impl": "requests.patch_uvicorn", "uvicorn.protocols.http.httptools_impl": "requests.patch_uvicorn",
    "starlette.routing": "requests.patch_routes", "fastapi.routing": "requests.patch_routes",
    "aiohttp.web_protocol": "requests.patch_aiohttp", "hypercorn.asyncio.task_group": "requests.patch_hypercorn",
    "hypercorn.protocol.http_stream": "requests.patch_hypercorn_stream", "signal": "output.patch_signal",
    "aiohttp.web_urldispatcher": "requests.patch_aiohttp_routes", "warnings": "failures.patch_warnings",
}
_done = set()


def patch(name, module):
    """An error of ours is told in the folder; the module stays as it is."""
    if name in _done:
        return
    _done.add(name)
    try:
        for patch_of in PATCHES[name].split():
            where, _, function = patch_of.partition(".")
            getattr(import_module("loopscope." + where), function)(module)
    except Exception as error:
        ring.failed(name, error)


class Finder:
    """First on sys.meta_path: finds nothing itself, and patches what the others find."""
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in PATCHES or name in _done:
            return None
        for finder in sys.meta_path:
            if finder is not Finder and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    break
        else:
            return None
        loader = spec.loader
        if isinstance(loader, type) or not hasattr(loader, "__dict__"):
            return spec  # built in or frozen: its loader belongs to all

        def exec_module(module):
            loader.__dict__.pop("exec_module", None)
            loader.exec_module(module)
            patch(name, module)
        try:
            loader.exec_module = exec_module
        except AttributeError:
            pass
        return spec


def start():
    for name in PATCHES:
        if name in sys.modules:
            patch(name, sys.modules[name])
    sys.meta_path.insert(0, Finder)
