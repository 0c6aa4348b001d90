"""
Forks of a process that has imported moto: `python3 forks.py <socket> <inventory.py> [<folder of a shim>]`. Importing moto and reading what
the services of AWS look like takes a stand-in for AWS four seconds of processor time, and a test run starts dozens of them.

Whoever connects writes a line of JSON, {"program": "moto_server" or a path, "args": [...], "env": {...}}, and reads a line with
the pid of the fork, then whatever it prints. A fork ends with its connection, and all end with standard input.
"""

import gc
import importlib
import json
import logging
import os
import runpy
import selectors
import signal
import socket
import sys

MOTO_SERVER = "moto_server"


def prepare(shim):
    """Imports what every stand-in does. The shim is not run, because it is not `__main__` here."""
    importlib.import_module("moto.server")
    importlib.import_module("quick").install()
    if shim:
        runpy.run_path(shim, run_name="shim")


def warm(inventory):
    """Asks moto in this process for everything once, as an account that nobody has."""
    before = dict(os.environ)
    os.environ.update(MOTO_ACCOUNT_ID="000000000000", MOTO_IAM_LOAD_MANAGED_POLICIES="true")
    sys.path.append(os.path.dirname(inventory))
    kinds = importlib.import_module("inventory").KINDS
    boto3 = importlib.import_module("boto3")
    with importlib.import_module("moto").mock_aws():
        clients = {}
        for service, _, names in kinds:
            clients[service] = clients.get(service) or boto3.client(service, region_name="us-east-1")
            try:
                names(clients[service])
            except Exception:
                # Nobody needs to be quick about what moto has not.
                continue
    os.environ.clear()
    os.environ.update(before)


def become(told):
    """The fork, from here on."""
    os.environ.clear()
    os.environ.update(told["env"])
    importlib.reload(importlib.import_module("moto.settings"))
    # Two forks must not give the same names to what they make.
    importlib.import_module("moto.moto_api._internal").mock_random.seed()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    sys.argv = [told["program"], *told["args"]]
    if told["program"] == MOTO_SERVER:
        importlib.import_module("moto.server").main(told["args"])
    else:
        runpy.run_path(told["program"], run_name="__main__")


def line_of(connection):
    read = b""
    while not read.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            return None
        read += part
    return json.loads(read)


class Forks:
    def __init__(self, path, inventory, shim=None):
        self.path, self.inventory, self.shim = path, inventory, shim
        self.started = 0
        self.pids = {}
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(64)
        os.write(1, b"listening\n")
        self.waker, self.woken = socket.socketpair()
        for end in (self.waker, self.woken):
            end.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector = selectors.DefaultSelector()
        for source in (self.server, self.woken, sys.stdin):
            self.selector.register(source, selectors.EVENT_READ)

    def start(self, connection):
        told = line_of(connection)
        if told is None:
            return connection.close()
        # Whoever starts one only need not wait for what pays with the second.
        if self.started < 2:
            prepare(self.shim) if self.started == 0 else warm(self.inventory)
            gc.freeze()
        self.started += 1
        pid = os.fork()
        if pid == 0:
            self.leave(connection)
            become(told)
            sys.stdout.flush()
            os._exit(0)
        connection.sendall(f"{pid}\n".encode())
        self.pids[connection] = pid
        self.selector.register(connection, selectors.EVENT_READ)

    def leave(self, connection):
        """What a fork has not to do with."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(connection.fileno(), 1)
        os.dup2(connection.fileno(), 2)
        self.selector.close()
        for each in (self.server, self.waker, self.woken, connection, *self.pids):
            each.close()

    def let_go(self, connection):
        self.selector.unregister(connection)
        self.pids.pop(connection)
        connection.close()

    def reap(self):
        self.woken.recv(4096)
        while self.pids:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            for connection in [each for each, known in self.pids.items() if known == pid]:
                self.let_go(connection)

    def end(self):
        for pid in self.pids.values():
            os.kill(pid, signal.SIGKILL)
        os.unlink(self.path)
        try:
            os.rmdir(os.path.dirname(self.path))
        except OSError:
            # The other process is not through.
            pass

    def run(self):
        while True:
            for key, _ in self.selector.select():
                source = key.fileobj
                if source is sys.stdin:
                    return self.end()
                if source is self.woken:
                    self.reap()
                elif source is self.server:
                    self.start(self.server.accept()[0])
                elif source in self.pids and not source.recv(4096):
                    os.kill(self.pids[source], signal.SIGKILL)


if __name__ == "__main__":
    Forks(*sys.argv[1:]).run()
