# Made by the Listen Backlog Operator. Python imports this module at each start, because its folder comes first in PYTHONPATH.
#
# Python's socketserver family (http.server, wsgiref, xmlrpc.server) asks for a listen backlog of 5. When a program imports
# socketserver, the class attribute socketserver.TCPServer.request_queue_size becomes the number below. A program or a class
# that sets its own number keeps it. A sitecustomize of the image runs as it would without this one.
BACKLOG = 64  # replaced

import sys


def _goes_on():
    """Hands over to the sitecustomize that this one hides, if there is one."""
    import os

    here = os.path.realpath(os.path.dirname(os.path.abspath(__file__)))
    folders = [os.path.realpath(folder or os.curdir) for folder in sys.path]
    if here not in folders:
        return
    # What comes before has none, or this one would not run.
    after = folders.index(here) + 1
    path = [sys.path[i] for i in range(after, len(folders)) if folders[i] != here]
    if sys.version_info[0] < 3:
        import imp

        try:
            found = imp.find_module("sitecustomize", path)
        except ImportError:
            return
        try:
            imp.load_module("sitecustomize", *found)
        finally:
            if found[0]:
                found[0].close()
        return
    spec = None
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find("sitecustomize", path) if find else None
        if spec is not None:
            break
    if spec is None or spec.loader is None:
        return
    import importlib.util

    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


class _Loader(object):
    """Loads socketserver as the loader does that it stands for, then raises the backlog."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        # First of all the true loader takes its place again: this one leaves no trace in the module.
        module.__loader__ = self._loader
        module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        try:
            server = module.TCPServer
            if server.__dict__.get("request_queue_size") == 5 and BACKLOG > 5:
                server.request_queue_size = BACKLOG
        except Exception:
            pass


class _Finder(object):
    """Watches for the import of socketserver: to import it here would cost each start of Python 10 ms."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "socketserver":
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is _Finder or find is None or getattr(finder, "raises_socketserver", False):
                continue
            spec = find(name, path, target)
            if spec is None:
                continue
            if hasattr(spec.loader, "exec_module"):
                spec.loader = _Loader(spec.loader)
            return spec
        return None

    raises_socketserver = True


if sys.version_info >= (3, 4) and not [
    finder for finder in sys.meta_path if getattr(finder, "raises_socketserver", False)
]:
    sys.meta_path.insert(0, _Finder)
_goes_on()
