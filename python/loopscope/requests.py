"""Requests: asked, served by which function, answered, or the client went away.

    private name                                                   versions          without it
    uvicorn RequestResponseCycle.run_asgi, .send, .disconnected    0.15 to 0.5x      no requests
    uvicorn H11Protocol.cycle, HttpToolsProtocol.cycle             0.15 to 0.5x      clients that leave are not told
    starlette Route.handle, fastapi APIRoute.handle                all that have it  no function of the user's
    aiohttp RequestHandler._handle_request, .finish_response       3.8 to 3.14       no requests
    aiohttp UrlMappingMatchInfo.freeze                             3.8 to 3.14       no function of the user's
    hypercorn asyncio.task_group._handle, HTTPStream.app_send      0.14 to 0.18      no requests
"""
import os

from . import places, ring
from .asyncio_ import current_task, tasks

QUERY = os.environ.get("LOOPSCOPE_ARGUMENTS") != "0"


class Asked:
    """One request on its way."""
    __slots__ = ("number", "status", "first", "over")

    def __init__(self, state, task, asked, client):
        self.number, self.status, self.first, self.over = ring.next_request(), 0, 0, False
        known = tasks.get(task)
        if known is not None:
            known.request = self.number
        host, port = (client or ("", 0))[:2]
        state.emit(ring.REQUEST, self.number, ring.text("%s|%s" % (asked, host)) | port << 46, task)

    def ends(self, how):
        if not self.over:
            self.over = True
            ring.thread().emit(how, self.number, self.status, self.first or ring.now())


def of_scope(state, task, scope):
    asked = scope.get("path", "") if not QUERY or not scope.get("query_string") else "%s?%s" % (
        scope.get("path", ""), scope["query_string"].decode("latin-1"))
    return Asked(state, task, "%s %s" % (scope.get("method", ""), asked), scope.get("client"))


# ---------------------------------------------------------------- servers

def sends(it, message):
    """What an application hands to its server; None: it has ended, or its client has."""
    known = getattr(it, "_loopscope", None)
    if known is None or getattr(it, "disconnected", False):
        return
    kind = message and message["type"]
    if kind is None:
        known.ends(ring.GONE)
    elif kind == "http.response.start":
        known.status, known.first = message["status"], ring.now()
    elif kind == "http.response.body" and not message.get("more_body"):
        known.ends(ring.ANSWERED)
    elif kind == "http.response.body":
        ring.thread().emit(ring.CHUNK, known.number, len(message.get("body", b"")))


def of_uvicorn(state, task, here):
    here["self"]._loopscope = of_scope(state, task, here["self"].scope)


def lost(protocol, *_):
    sends(getattr(protocol, "cycle", None), None)


def of_hypercorn(state, task, here):
    if here["scope"]["type"] == "http":
        here["send"].__self__._loopscope = of_scope(state, task, here["scope"])


def of_aiohttp(connection, request, *_):
    state = ring.thread()
    path = request.rel_url.raw_path_qs if QUERY else request.rel_url.raw_path
    client = request.transport and request.transport.get_extra_info("peername")
    _aiohttp[id(connection)] = Asked(state, current_task(state), "%s %s" % (request.method, path), client)


def aiohttp_answers(connection, request, answer, *_):
    if id(connection) in _aiohttp:
        known = _aiohttp.pop(id(connection))
        known.status = getattr(answer, "status", 0)
        known.ends(ring.ANSWERED)


def aiohttp_lost(connection, *_):
    if id(connection) in _aiohttp:
        _aiohttp.pop(id(connection)).ends(ring.GONE)


# ---------------------------------------------------------------- routes

def serves(route, function, path):
    """ENDPOINT: which function serves the request of the current task, or of a task above it."""
    state = ring.thread()
    known = tasks.get(current_task(state))
    if known is None or not known.request or known.endpoint == (known.request, id(route)):
        return
    found = _routes.get(id(route))
    if found is None:
        function = places.inner(function)
        words = places.words_of(function, getattr(function, "__code__", None))
        found = places.keep(_routes, id(route), (ring.text("%s|%s" % (words, path)), route))
    known.endpoint = known.request, id(route)
    state.emit(ring.ENDPOINT, known.request, found[0])


def route(route, *_):
    serves(route, route.endpoint, route.path)


def aiohttp_route(info, *_):
    serves(info.route, info.handler, info.route.resource.canonical if info.route.resource else "")


_aiohttp = {}  # id of what handles a connection: the request that it serves
_routes = {}   # id of a route: (number of its text, the route)
ring.caches += [_aiohttp, _routes]
