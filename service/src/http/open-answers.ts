/**
 * Answers of /mcp that are under way. A client whose stream merely breaks off waits for its answer until its own limit
 * (60 s in both SDKs), so a process that cannot finish a request ends its answer with an error instead.
 */
import type { ServerResponse } from 'node:http';
import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { RequestId } from './in-flight.ts';

export interface OpenAnswers {
  /** Notes an answer until it is out. `stop` ends the work for it. */
  track(response: ServerResponse, ids: readonly RequestId[], stop: AbortController): void;
  /** Ends every open answer with an error that says why, and the work for it. */
  endAll(): void;
}

const message =
  'The service stopped before this request was finished. Look up what came of it with get_operation or get_audit_log, then ask again.';

const errorFor = (id: RequestId | null) => ({
  jsonrpc: '2.0',
  id,
  error: { code: ProtocolErrorCode.InternalError, message },
});

const end = (response: ServerResponse, ids: readonly RequestId[]): void => {
  // What the request's own handler still writes comes too late, which is not a fault.
  response.on('error', () => {});
  if (response.headersSent) {
    for (const id of ids) response.write(`event: message\ndata: ${JSON.stringify(errorFor(id))}\n\n`);
    response.end();
    return;
  }
  const errors = ids.map(errorFor);
  response.writeHead(503, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'retry-after': '1',
    connection: 'close',
  });
  response.end(JSON.stringify(errors.length === 1 ? errors[0] : errors));
};

export const createOpenAnswers = (): OpenAnswers => {
  const open = new Map<ServerResponse, () => void>();
  return {
    track: (response, ids, stop) => {
      if (ids.length === 0) return;
      open.set(response, () => {
        end(response, ids);
        stop.abort();
      });
      response.once('close', () => open.delete(response));
    },
    endAll: () => {
      for (const [response, endOne] of open) if (!response.writableEnded) endOne();
    },
  };
};
