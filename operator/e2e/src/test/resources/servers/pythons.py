"""Servers that Python programs start by themselves: pythons.py NAME, on port 8080."""
import sys


def aiohttp():
    from aiohttp import web

    async def served(request):
        return web.Response(text="served")

    application = web.Application()
    application.router.add_get("/", served)
    web.run_app(application, port=8080, print=None)


def asyncio():
    import asyncio

    async def serve(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nserved")
        await writer.drain()
        writer.close()

    async def main():
        async with await asyncio.start_server(serve, "0.0.0.0", 8080) as server:
            await server.serve_forever()

    asyncio.run(main())


def cherrypy():
    import cherrypy

    class Root:
        @cherrypy.expose
        def index(self):
            return "served"

    cherrypy.config.update({"server.socket_host": "0.0.0.0", "engine.autoreload.on": False})
    cherrypy.quickstart(Root())


def eventlet():
    import eventlet
    from eventlet import wsgi
    from app import app

    wsgi.server(eventlet.listen(("0.0.0.0", 8080)), app, log_output=False)


def grpc():
    from concurrent import futures

    import grpc

    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_insecure_port("0.0.0.0:8080")
    server.start()
    server.wait_for_termination()


def tornado():
    from tornado import ioloop, web

    class Served(web.RequestHandler):
        def get(self):
            self.write("served")

    web.Application([("/", Served)]).listen(8080, address="0.0.0.0")
    ioloop.IOLoop.current().start()


def twisted():
    from twisted.internet import reactor
    from twisted.web import resource, server

    class Served(resource.Resource):
        isLeaf = True

        def render_GET(self, request):
            return b"served"

    reactor.listenTCP(8080, server.Site(Served()))
    reactor.run()


def in_program():
    import uvicorn
    from app import asgi

    uvicorn.run(asgi, host="0.0.0.0", port=8080, log_level="error")


def zeromq():
    import zmq

    socket = zmq.Context().socket(zmq.REP)
    socket.bind("tcp://0.0.0.0:8080")
    while True:
        socket.send(socket.recv())


{each.__name__: each for each in (
    aiohttp, asyncio, cherrypy, eventlet, grpc, tornado, twisted, in_program, zeromq)}[sys.argv[1]]()
