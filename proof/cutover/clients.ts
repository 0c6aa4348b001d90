/** People at work while a cutover runs: clients of both SDKs that read, stream, refresh, and change with a countersignature. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import {
  AuditPage,
  approveByTool,
  ask,
  Compliance,
  Detail,
  Preview,
  Requested,
  Untagged,
} from '../../service/test/rigs/answers.ts';
import { type Agent, FirstAgent, ModernAgent } from '../../service/test/rigs/clients.ts';
import type { Host } from '../../service/test/rigs/host.ts';
import { Person } from '../../service/test/rigs/person.ts';
import { Tally } from './tally.ts';

type SdkAgent = Agent & { readonly host: Host };

/** A scan that answers with progress is asked for once in so many turns, a new token as often. */
const EVERY = 4;

const generations = [
  (origin: string, person: Person): Promise<SdkAgent> => ModernAgent.connect(origin, person),
  (origin: string, person: Person): Promise<SdkAgent> => FirstAgent.connect(origin, person),
] as const;

/** Makes the client's token one that is refused, so that the SDK redeems its refresh token. */
const loseToken = ({ host }: SdkAgent): void => {
  const tokens = host.tokens();
  if (tokens !== undefined) host.saveTokens({ ...tokens, access_token: `${tokens.access_token}-lost` });
};

const scan = async (agent: Agent, tally: Tally): Promise<void> => {
  let steps = 0;
  const onprogress = () => void steps++;
  await tally.note('a scan with progress', async () => {
    await ask(agent, Compliance, 'check_tag_compliance', { force_refresh: true }, { onprogress });
    if (steps > 0) tally.streams++;
  });
};

/** Reads, scans, and has its token refreshed now and then. */
const read = async (agent: SdkAgent, tally: Tally, turn: number): Promise<void> => {
  if (turn % EVERY === 1) await scan(agent, tally);
  else if (turn % EVERY === 3) {
    loseToken(agent);
    const before = agent.host.asked.length;
    await tally.note('a read after a refresh', async () => {
      await ask(agent, Untagged, 'find_untagged_resources', { limit: 5 });
      if (agent.host.asked.length > before) throw new Error('the person had to sign in again');
      tally.refreshes++;
    });
  } else if (turn % EVERY === 2)
    await tally.note('a look at the audit log', () => agent.call('get_audit_log', { limit: 5 }));
  else await tally.note('a list of tools', () => agent.tools());
};

interface Change {
  readonly arn: string;
  readonly owner: string;
}

/** Who countersigns the changes of one writer. */
interface Approver {
  readonly page: Person;
  readonly agent: Agent;
}

const connectApprover = async (origin: string): Promise<Approver> => {
  const page = new Person('ben');
  return { page, agent: await ModernAgent.connect(origin, page) };
};

/** One kind of countersignature after the other. */
const kinds = [
  {
    name: 'an approval on its page',
    give: ({ page }: Approver, { approval_url }: Asked): Promise<unknown> => page.answer(approval_url, 'approve'),
  },
  {
    name: 'an approval by a tool',
    give: ({ agent }: Approver, { request_id }: Asked): Promise<unknown> => approveByTool(agent, request_id),
  },
] as const;
type Asked = z.output<typeof Requested>;

/** Plans a change, has it countersigned, and sees it applied. */
const write = async (
  { agent, approver }: Writer,
  tally: Tally,
  { arn, owner, turn }: Change & { readonly turn: number },
): Promise<void> => {
  const asked = await tally.note('a request for a change', () =>
    ask(agent, Requested, 'bulk_tag_resources', {
      resource_arns: [arn],
      tags: { Owner: owner },
      reason: 'Nobody’s',
      idempotency_key: randomUUID(),
    }),
  );
  if (asked === undefined) return;
  const operationId = asked.request_id;
  const kind = kinds[turn % kinds.length] ?? kinds[0];
  await tally.note(kind.name, () => kind.give(approver, asked));
  await tally.note('a look at the applied change', async () => {
    const { status, result } = await ask(agent, Detail, 'get_operation', { operation_id: operationId });
    if (status !== 'applied' || result?.applied !== 1)
      throw new Error(`${operationId} is ${status}: ${JSON.stringify(result)}`);
    tally.written.push({ operationId, arn, owner });
  });
};

interface Writer {
  readonly agent: SdkAgent;
  readonly approver: Approver;
}

export interface Work {
  readonly tally: Tally;
  /** A change that the writers may plan, as a call of its tool. */
  readonly change: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** What a resource's owner is, by the service. */
  ownersOf(arns: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What the audit log has of an operation, such as `write success`. */
  recordsOf(operationId: string): Promise<readonly string[]>;
  /** Lets each client finish its turn. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Signs everybody in, then lets them work until they are stopped.
 * @param thinkMs milliseconds that a client thinks between two turns
 */
export const startWork = async (origin: string, thinkMs: number): Promise<Work> => {
  const tally = new Tally();
  const readers = await Promise.all(generations.map((connect) => connect(origin, new Person('vera'))));
  const writers = await Promise.all(
    generations.map(async (connect) => ({
      agent: await connect(origin, new Person('ana')),
      approver: await connectApprover(origin),
    })),
  );
  const [first] = writers;
  if (first === undefined) throw new Error('no writer');
  const { resources } = await ask(first.agent, Untagged, 'find_untagged_resources', { limit: 40 });
  let stopped = false;
  const turns = async (work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 0; !stopped; turn++) {
      await work(turn);
      await sleep(thinkMs);
    }
  };
  const change = (writer: Writer, at: number, turn: number): Promise<void> => {
    // Each writer has resources of its own: two changes of one at once are refused, rightly.
    const own = resources.filter((_, index) => index % writers.length === at);
    const arn = own[turn % own.length]?.arn ?? '';
    return write(writer, tally, { arn, owner: `owner-${at}-${turn}@example.com`, turn });
  };
  // The first change of each asks its person for the scope.
  for (const [at, writer] of writers.entries()) for (const turn of [0, 1]) await change(writer, at, turn);
  const loops = [
    ...readers.map((agent) => turns((turn) => read(agent, tally, turn))),
    ...writers.map((writer, at) => turns((turn) => change(writer, at, turn + 2))),
  ];
  return {
    tally,
    change: {
      name: 'bulk_tag_resources',
      arguments: { resource_arns: resources.slice(0, 1).map(({ arn }) => arn), tags: { Owner: 'smoke@example.com' } },
    },
    ownersOf: async (arns) => {
      const owners = new Map<string, string>();
      for (const arn of arns) {
        const args = { resource_arns: [arn], tags: { Owner: 'nobody@example.com' } };
        const { preview } = await ask(first.agent, Preview, 'preview_bulk_tagging', args);
        const [found] = preview.resources;
        owners.set(arn, found?.current_tags.Owner ?? JSON.stringify(found));
      }
      return owners;
    },
    recordsOf: async (operation_id) => {
      const { records } = await ask(first.agent, AuditPage, 'get_audit_log', { operation_id });
      return records.toReversed().map(({ action, result }) => `${action} ${result}`);
    },
    pause: async () => {
      stopped = true;
      await Promise.all(loops);
    },
    close: async () => {
      const agents = [...readers, ...writers.flatMap(({ agent, approver }) => [agent, approver.agent])];
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
};
