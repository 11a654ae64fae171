"""Watches the functions of a module when the program imports it, and only then."""
import sys
from importlib import import_module

from . import hooks

# The module, what of it is watched, and by which function of ours: `before` or `after` it, when a task of it is a new one
# (`spawn`), or by one that changes the module itself (`module`). Of two rows the later one is the outer one. Where there is
# none of that name nothing is watched.
HOOKS = """
asyncio.events       before  _set_running_loop                     asyncio_.running
asyncio.base_events  before  BaseEventLoop.set_task_factory        asyncio_.eager
asyncio.base_events  before  BaseEventLoop.call_exception_handler  failures.note
asyncio.futures      after   wrap_future                           pools.wrapped
warnings             module  -                                     failures.never_awaited
signal               after   signal                                output.signal_taken
uvloop               module  -                                     uvloop_.patch
concurrent.futures.thread   after   ThreadPoolExecutor.submit      pools.submitted
concurrent.futures.thread   before  ThreadPoolExecutor.submit      pools.submit
concurrent.futures.process  after   ProcessPoolExecutor.submit     pools.submitted_to_process
anyio._backends._asyncio    before  AsyncIOBackend.run_sync_in_worker_thread  pools.queue
uvicorn.protocols.http.h11_impl|uvicorn.protocols.http.httptools_impl  spawn   RequestResponseCycle.run_asgi      requests.of_uvicorn
uvicorn.protocols.http.h11_impl|uvicorn.protocols.http.httptools_impl  before  RequestResponseCycle.send          requests.sends
uvicorn.protocols.http.h11_impl        before  H11Protocol.connection_lost         requests.lost
uvicorn.protocols.http.httptools_impl  before  HttpToolsProtocol.connection_lost   requests.lost
starlette.routing    before  Route.handle                          requests.route
fastapi.routing      before  APIRoute.handle                       requests.route
aiohttp.web_protocol         before  RequestHandler._handle_request   requests.of_aiohttp
aiohttp.web_protocol         before  RequestHandler.finish_response   requests.aiohttp_answers
aiohttp.web_protocol         before  RequestHandler.connection_lost   requests.aiohttp_lost
aiohttp.web_urldispatcher    before  UrlMappingMatchInfo.freeze       requests.aiohttp_route
hypercorn.asyncio.task_group    spawn   _handle                    requests.of_hypercorn
hypercorn.protocol.http_stream  before  HTTPStream.app_send        requests.sends
"""
ROWS = [row.split() for row in HOOKS.strip().split("\n")]
MODULES = {name for row in ROWS for name in row[0].split("|")}
_done = set()


def patch(name, module):
    """An error of ours is told in the folder; the module stays as it is."""
    if name not in _done:
        _done.add(name)
        for _, how, what, ours in (row for row in ROWS if name in row[0].split("|")):
            hooks.guarded(name + "." + what, _patch)(module, how, *what.rpartition(".")[::2], *ours.split("."))


def _patch(module, how, owner, name, file, ours):
    ours = getattr(import_module("loopscope." + file), ours)
    owner = getattr(module, owner, None) if owner else module
    if how == "module":
        ours(module)
    elif how == "spawn" and owner is not None:
        from . import asyncio_
        code = getattr(owner, name).__code__
        asyncio_.spawn_hooks[id(code)] = hooks.guarded(name, ours), code
    elif owner is not None and (owner is module or name in vars(owner)):
        hooks.hook(owner, name, **{how: ours})


class Finder:
    """First on sys.meta_path: finds nothing itself, and patches what the others find."""
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in MODULES or name in _done:
            return None
        finders = [f for f in sys.meta_path if f is not Finder and hasattr(f, "find_spec")]
        spec = next(filter(None, (f.find_spec(name, path, target) for f in finders)), None)
        loader = getattr(spec, "loader", None)
        if not isinstance(loader, type) and hasattr(loader, "__dict__"):  # else built in or frozen: its loader belongs to all
            def exec_module(module):
                loader.__dict__.pop("exec_module", None)
                loader.exec_module(module)
                patch(name, module)
            loader.exec_module = exec_module
        return spec


def start():
    for name in MODULES & set(sys.modules):
        patch(name, sys.modules[name])
    sys.meta_path.insert(0, Finder)
