/**
 * The upstream that is attacked through the service: the estate's rows, kept in this process and not in the service's
 * store, with a ledger of every write. What the service believes and what happened can therefore be compared.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SandboxResource } from '../../src/packs/tagging/sandbox/generate.ts';
import type { Tables } from '../../src/ports/tables.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

/** One write that reached the upstream. */
export interface Effect {
  /** Epoch milliseconds on the upstream's clock. */
  readonly at: number;
  /** Process id of the task that wrote. */
  readonly task: string;
  readonly arn: string;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

export interface Cloud {
  readonly url: string;
  /** Writes in the order they were made. */
  readonly effects: readonly Effect[];
  /** What somebody else does to a resource, past the service. */
  retag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Milliseconds each write takes from now on. */
  slow(milliseconds: number): void;
  /** Resolves at the next write that arrives. */
  written(): Promise<void>;
  /** Turns every task's clock. */
  advance(seconds: number): void;
  stop(): Promise<void>;
}

export const Ask = z.object({
  verb: z.enum(['get', 'put', 'insert', 'query', 'transact', 'clock']),
  task: z.string(),
  words: z.array(z.unknown()),
});

const table = 'sandbox-resources';

export const startCloud = async (): Promise<Cloud> => {
  const tables: Tables = openMemoryTables();
  const effects: Effect[] = [];
  let delay = 0;
  let ahead = 0;
  let arrived = Promise.withResolvers<void>();

  const put = async (task: string, row: Parameters<Tables['put']>[1]): Promise<boolean> => {
    arrived.resolve();
    arrived = Promise.withResolvers();
    if (delay > 0) await sleep(delay);
    const next = SandboxResource.parse(Reflect.get(row, 'record'));
    const { accountId, arn } = next;
    const was = await tables.get(table, { accountId, arn });
    if (was !== undefined)
      effects.push({ at: Date.now(), task, arn, before: SandboxResource.parse(was.record).tags, after: next.tags });
    return tables.put(table, { accountId, arn, record: next });
  };

  const answer = async ({ verb, task, words }: z.infer<typeof Ask>): Promise<unknown> => {
    if (verb === 'clock') return ahead;
    if (verb === 'put') return put(task, words[1] as Parameters<Tables['put']>[1]);
    if (verb === 'get') return tables.get(table, words[1] as { accountId: string; arn: string });
    if (verb === 'query') return tables.query(table, words[1] as { partition: string });
    return tables.transact(words[0] as Parameters<Tables['transact']>[0]);
  };

  const server = createServer(async (request, response) => {
    const result = await answer(Ask.parse(await json(request)));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ result }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    effects,
    retag: async (arn, tags) => {
      const accountId = arn.split(':')[4] ?? '';
      const row = await tables.get(table, { accountId, arn });
      const record = { ...SandboxResource.parse(row?.record), tags };
      await tables.put(table, { accountId, arn, record });
    },
    slow: (milliseconds) => {
      delay = milliseconds;
    },
    written: () => arrived.promise,
    advance: (seconds) => {
      ahead += seconds;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
