/** What a client does in one turn: it reads, streams, refreshes its token, or changes something with a countersignature. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { approveByTool, ask, Compliance, Detail, Requested, Untagged } from '../../service/test/rigs/answers.ts';
import type { Agent } from '../../service/test/rigs/clients.ts';
import type { Approver, SdkAgent, Writer } from './people.ts';
import type { Tally } from './tally.ts';

/** A scan that answers with progress is asked for once in so many turns, a new token as often. */
const EVERY = 4;

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
export const read = async (agent: SdkAgent, tally: Tally, turn: number): Promise<void> => {
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

/** What a writer changes. */
export interface Change {
  readonly arn: string;
  readonly owner: string;
  /** Decides which kind of countersignature it gets. */
  readonly turn: number;
}

/** Plans a change, has it countersigned, and sees it applied. */
export const write = async ({ agent, approver }: Writer, tally: Tally, { arn, owner, turn }: Change): Promise<void> => {
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
