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

    def __init__(self, state, task, words):
        self.number, self.status, self.first, self.over = ring.next_request(), 0, 0, False
        known = tasks.get(task)
        if known is not None:
            known.request = self.number
        state.emit(ring.REQUEST, self.number, ring.once(words), task)

    def message(self, message):
        """An ASGI message that goes out."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status, self.first = message["status"], ring.now()
        elif kind == "http.response.body":
            if message.get("more_body"):
                ring.emit(ring.CHUNK, self.number, len(message.get("body", b"")))
            elif not self.over:
                self.answered()

    def answered(self):
        self.over = True
        ring.emit(ring.ANSWERED, self.number, self.status, self.first or ring.now())

    def gone(self):
        if not self.over:
            self.over = True
            ring.emit(ring.GONE, self.number)


def of_scope(scope):
    host, port = (scope.get("client") or ("", 0))[:2]
    query = scope.get("query_string") if QUERY else b""
    path = scope.get("path", "")
    if query:
        path = "%s?%s" % (path, query.decode("latin-1"))
    return "%s %s|%s|%s" % (scope.get("method", ""), path, host, port)


def serves(route, function, path):
    """ENDPOINT: which function serves the request of the current task, or of a task above it."""
    state = ring.thread()
    known = tasks.get(asyncio_.current_task(state))
    if known is not None and known.request:
        found = _routes.get(id(route))
        if found is None:
            found = places.bound(_routes)[id(route)] = (ring.text("%s|%s" % (places.label(function), path)), route)
        if known.endpoint != (known.request, found[0]):
            known.endpoint = (known.request, found[0])
            state.emit(ring.ENDPOINT, known.request, found[0], 0)


_routes = {}  # id of a route: (number of its text, the route)
ring.caches.append(_routes)


def before(owner, name, note):
    """Calls `note` with the same arguments first."""
    original, hook = getattr(owner, name), "%s.%s" % (owner.__name__, name)

    def watched(self, *args):
        if hook not in ring.errors:
            try:
                note(self, *args)
            except Exception as error:
                ring.failed(hook, error)
        return original(self, *args)
    setattr(owner, name, like(watched, original))


def on_spawn(code, note):
    """Calls `note(state, id of the task, variables of its coroutine)` when a task of this code is new."""
    noted = ring.guarded(code.co_name, note)
    asyncio_.spawn_hooks[id(code)] = (lambda state, task, coro: noted(state, id(task), coro.cr_frame.f_locals), code)


def patch_uvicorn(module):
    cycle = module.RequestResponseCycle
    cycle._loopscope = None  # of one whose task was not seen

    def asked(state, task, here):
        it = here["self"]
        it._loopscope = Asked(state, task, of_scope(it.scope))

    def sends(it, message):
        known = it._loopscope
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
        serves(route, route.endpoint, route.path)
    for name in ("Route", "APIRoute"):
        route = getattr(module, name, None)
        if route is not None and "handle" in vars(route):
            before(route, "handle", found)


def patch_aiohttp(module):
    handler = module.RequestHandler
    original = handler._handle_request
    asked = {}  # id of a handler of a connection: the request that it serves

    def ask(connection, request):
        state = ring.thread()
        host, port = ((request.transport and request.transport.get_extra_info("peername")) or ("", 0))[:2]
        path = request.rel_url.raw_path_qs if QUERY else request.rel_url.raw_path
        asked[id(connection)] = Asked(state, asyncio_.current_task(state), "%s %s|%s|%s" % (request.method, path, host, port))

    ask = ring.guarded("RequestHandler._handle_request", ask)

    async def _handle_request(self, request, *rest):
        ask(self, request)
        try:
            found = await original(self, request, *rest)
        finally:
            known = asked.pop(id(self), None)
        if known is not None and not known.over:
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
        serves(info.route, info.handler, info.route.resource.canonical if info.route.resource else "")
    before(module.UrlMappingMatchInfo, "freeze", found)


def patch_hypercorn(module):
    def asked(state, task, here):
        if here["scope"]["type"] == "http":
            here["send"].__self__._loopscope = Asked(state, task, of_scope(here["scope"]))
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
