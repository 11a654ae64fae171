"""Requests: asked, served by which function, answered, or the client went away.

    private name                                                   versions          without it
    uvicorn RequestResponseCycle.run_asgi, .send, .disconnected, .response_complete   0.15 to 0.5x   no requests
    uvicorn H11Protocol.cycle, HttpToolsProtocol.cycle             0.15 to 0.5x      clients that leave are not told
    starlette Route.handle, fastapi APIRoute.handle                all that have it  no function of the user's
    aiohttp RequestHandler._handle_request, .start                 3.8 to 3.14       no requests
    aiohttp UrlMappingMatchInfo.freeze                             3.8 to 3.14       no function of the user's
    hypercorn asyncio.task_group._handle, HTTPStream.app_send      0.14 to 0.18      no requests
"""
import os

from . import asyncio_, places, ring
from .asyncio_ import like, tasks

QUERY = os.environ.get("LOOPSCOPE_ARGUMENTS") != "0"


class Asked:
    """One request on its way."""
    __slots__ = ("number", "status", "first", "over")

    def __init__(self, task, words):
        self.number, self.status, self.first, self.over = ring.next_request(), 0, 0, False
        known = tasks.get(task)
        if known is not None:
            known.request = self.number
        ring.emit(ring.REQUEST, self.number, ring.once(words), task)

    def message(self, message):
        """An ASGI message that goes out."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status, self.first = message["status"], ring.now()
        elif kind == "http.response.body":
            if message.get("more_body"):
                ring.emit(ring.CHUNK, self.number, len(message.get("body", b"")))
            else:
                self.answered()

    def answered(self):
        if not self.over:
            self.over = True
            ring.emit(ring.ANSWERED, self.number, self.status, self.first or ring.now())

    def gone(self):
        if not self.over:
            self.over = True
            ring.emit(ring.GONE, self.number)


def of_scope(scope):
    host, port = (scope.get("client") or ("", 0))[:2]
    query = scope.get("query_string") if QUERY else b""
    path = scope.get("path", "") + ("?" + query.decode("latin-1") if query else "")
    return "%s %s|%s|%s" % (scope.get("method", ""), path, host, port)


def serves(function, route):
    """ENDPOINT: which function serves the request of the current task, or of a task above it."""
    known = tasks.get(asyncio_.current_task(ring.thread()))
    if known is not None and known.request:
        number = ring.text("%s|%s" % (places.label(function), route))
        if known.endpoint != (known.request, number):
            known.endpoint = (known.request, number)
            ring.emit(ring.ENDPOINT, known.request, number)


def before(owner, name, note):
    """Calls `note` with the same arguments first; an error of it is counted, and it stays off."""
    original = getattr(owner, name)
    hook = "%s.%s" % (owner.__name__, name)

    def watched(self, *args, **named):
        if hook not in ring.errors:
            try:
                note(self, *args, **named)
            except Exception as error:
                ring.failed(hook, error)
        return original(self, *args, **named)
    setattr(owner, name, like(watched, original))


def on_spawn(code, note):
    """Calls `note(id of the task, variables of its coroutine)` when a task of this code is new."""
    def spawned(state, task, coro):
        if code.co_name not in ring.errors:
            try:
                note(id(task), coro.cr_frame.f_locals)
            except Exception as error:
                ring.failed(code.co_name, error)
    asyncio_.spawn_hooks[id(code)] = (spawned, code)


def patch_uvicorn(module):
    cycle = module.RequestResponseCycle

    def asked(task, here):
        it = here["self"]
        it._loopscope = Asked(task, of_scope(it.scope))

    def sends(it, message):
        known = it.__dict__.get("_loopscope")
        if known is not None and not it.disconnected:
            known.message(message)

    def lost(protocol, *_):
        known = getattr(protocol.cycle, "_loopscope", None)
        if known is not None:
            known.gone()
    on_spawn(cycle.run_asgi.__code__, asked)
    before(cycle, "send", sends)
    for name in ("H11Protocol", "HttpToolsProtocol"):
        if hasattr(module, name):
            before(getattr(module, name), "connection_lost", lost)


def patch_routes(module):
    """As soon as a route is found: which function will serve the request."""
    def found(route, *_):
        serves(route.endpoint, route.path)
    for name in ("Route", "APIRoute"):
        route = getattr(module, name, None)
        if route is not None and "handle" in vars(route):
            before(route, "handle", found)


def patch_aiohttp(module):
    handler = module.RequestHandler
    original = handler._handle_request
    asked = {}  # id of a handler of a connection: the request that it serves

    async def _handle_request(self, request, *rest):
        known = None
        try:
            host, port = ((request.transport and request.transport.get_extra_info("peername")) or ("", 0))[:2]
            path = request.rel_url.raw_path_qs if QUERY else request.rel_url.raw_path
            task = asyncio_.current_task(ring.thread())
            known = asked[id(self)] = Asked(task, "%s %s|%s|%s" % (request.method, path, host, port))
        except Exception as error:
            ring.failed("RequestHandler._handle_request", error)
        try:
            found = await original(self, request, *rest)
        finally:
            asked.pop(id(self), None)
        if known is not None:
            known.status = getattr(found[0], "status", 0)
            known.answered()
        return found

    def lost(self, *_):
        if id(self) in asked:
            asked[id(self)].gone()
    handler._handle_request = like(_handle_request, original)
    before(handler, "connection_lost", lost)
    code = handler.start.__code__
    places.PRIMITIVES[id(code)] = (asyncio_.IDLE, code)


def patch_aiohttp_routes(module):
    def found(info):
        serves(info.handler, info.route.resource.canonical if info.route.resource else "")
    before(module.UrlMappingMatchInfo, "freeze", found)


def patch_hypercorn(module):
    def asked(task, here):
        if here["scope"]["type"] == "http":
            here["send"].__self__._loopscope = Asked(task, of_scope(here["scope"]))
    on_spawn(module._handle.__code__, asked)


def patch_hypercorn_stream(module):
    def sends(stream, message):
        known = getattr(stream, "_loopscope", None)
        if known is None:
            return
        if message is None:
            known.gone()  # nothing where it was answered before
        else:
            known.message(message)
    before(module.HTTPStream, "app_send", sends)
