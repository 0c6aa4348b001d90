"""
moto's server without what it does for nothing in each request. Werkzeug closes every connection, so that each request is a
connection and a thread: https://github.com/pallets/werkzeug/blob/3.1.8/src/werkzeug/serving.py. moto reads the folder of its 180
services to find the one that is asked, and looks through all methods of the class that answers. Together they are two fifths of the
processor time of a small request.
"""

import collections
import copy
import functools
import io
import sys
import traceback

from moto.core import responses, serialize
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.serving import WSGIRequestHandler

NO_BODY = {204, 304}


def whole_body(handler, environ):
    """Read at once, so that the next request of the connection begins where this one ends."""
    source = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = source.read()
        environ["CONTENT_LENGTH"] = str(len(body))
        return body
    return source.read(int(environ.get("CONTENT_LENGTH") or 0))


def respond(handler, status, headers, body):
    code, _, reason = status.partition(" ")
    handler.send_response(int(code), reason)
    for name, value in headers:
        handler.send_header(name, value)
    if int(code) not in NO_BODY and not any(name.lower() == "content-length" for name, _ in headers):
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)
    handler.wfile.flush()


def run(handler):
    if handler.headers.get("Expect", "").lower() == "100-continue":
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        handler.wfile.flush()
    environ = handler.make_environ()
    environ["wsgi.input"] = io.BytesIO(whole_body(handler, environ))
    told = []
    try:
        parts = handler.server.app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        respond(handler, *told[-1], body)
    except OSError:
        # The client is gone.
        handler.close_connection = True
    except Exception:
        traceback.print_exc(file=sys.stderr)
        respond(handler, "500 INTERNAL SERVER ERROR", [], b"")


def known_keys(picker):
    """Under which names an attribute may be depends on its shape and on the class that has it, not on the object."""
    find = picker.get_possible_keys
    known = {}

    def keys(self, context):
        kind = (tuple(self.alias_providers), type(context.obj), context.key, context.shape)
        if kind not in known:
            known[kind] = tuple(find(self, context))
        return known[kind]

    picker.get_possible_keys = keys


def snapshot(table, memo):
    """moto copies each table of a transaction with all that it holds, once for each write, to go back to it."""
    copied = memo[id(table)] = table.__class__.__new__(table.__class__)
    vars(copied).update({name: copy.deepcopy(value, memo) for name, value in vars(table).items() if name != "items"})
    copied.items = collections.defaultdict(dict)
    for key, held in table.items.items():
        copied.items[key] = dict(held) if table.has_range_key else held
    return copied


def update_a_copy(backend):
    """What is updated is not what a snapshot holds. moto changes everything else by putting another item in its place."""
    update = backend.update_item

    @functools.wraps(update)
    def updating(self, table_name, key, *args, **how):
        table = self.get_table(table_name)
        names = [name for name in (table.hash_key_attr, table.range_key_attr) if name is not None]
        if all(name in key for name in names):
            place, *ranged = (DynamoType(key[name]) for name in names)
            held = table.items.get(place)
            if held is not None and not ranged:
                table.items[place] = copy.deepcopy(held)
            elif held is not None and ranged[0] in held:
                held[ranged[0]] = copy.deepcopy(held[ranged[0]])
        return update(self, table_name, key, *args, **how)

    backend.update_item = updating


def install():
    WSGIRequestHandler.run_wsgi = run
    # Headers and body leave together.
    WSGIRequestHandler.wbufsize = -1
    WSGIRequestHandler.disable_nagle_algorithm = True
    WSGIRequestHandler.log_request = lambda *_: None
    dispatcher = DomainDispatcherApplication
    dispatcher.get_backend_for_host = functools.cache(dispatcher.get_backend_for_host)
    known_keys(serialize.XFormedAttributePicker)
    Table.__deepcopy__ = snapshot
    update_a_copy(DynamoDBBackend)
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
