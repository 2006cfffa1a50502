"""A gunicorn that tells its metrics on a port of their own, as many do."""
from prometheus_client import start_http_server

bind = "0.0.0.0:8080"
workers = 2


def when_ready(server):
    start_http_server(9102)
