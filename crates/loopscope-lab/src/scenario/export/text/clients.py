https, warm = {}, "/not-there"


async def connect(port):
    """Makes the clients, and asks once for nothing: what is loaded late is no part of the story."""
    for client in CLIENTS:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        if CLIENTS[client].get("shared"):  #? shared
            limits = httpx.Limits(max_connections=1)  #? shared
        https[client] = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=None,
            trust_env=False, verify=False)
    await https[client].get(warm)


async def ask(client, route):
    limit = CLIENTS[client].get("patience")  #? patience
    try:  #? patience
        async with asyncio.timeout(limit and limit / SPEED):  #? patience
            answer = await https[client].get(route)  #? patience
    except TimeoutError:  #? patience
        return  #? patience
    if route in UPLOADS:  #? upload
        files = {"file": bytes(UPLOADS[route])}  #? upload
        answer = await https[client].post(route, files=files)  #? upload
    else:  #? upload
        answer = await https[client].get(route)  #? upload
    answer = await https[client].get(route)  #? plain
    if CLIENTS[client].get("prints") == "answered":  #? prints
        print(answer.text.strip('"'))  #? prints
    return answer.text.strip('"')


async def play():
    """Sends each request at its moment, however long the others take."""
    sent = []
    for at, client, route in sorted(REQUESTS, key=lambda request: request[0]):
        await asyncio.sleep(at / SPEED - (time.monotonic() - began))
        sent.append((client, asyncio.create_task(ask(client, route))))
    for client, task in sent:
        await task
    for client, task in sent:  #? order
        if CLIENTS[client].get("prints") == "in order":  #? order
            print(task.result())  #? order
