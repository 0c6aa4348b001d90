/** The first story, told to a service through whatever stands before it. */
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import { complianceNow, stepsOf } from '../../../service/test/rigs/answers.ts';
import { ModernAgent } from '../../../service/test/rigs/clients.ts';
import { ownerless, walk } from '../../../service/test/rigs/spine.ts';
import { Employee } from './employee.ts';
import type { Estate } from './estate.ts';

const Challenged = z.looseObject({ error: z.literal('insufficient_scope'), step_up_url: z.string() });

/** Asks for a change with a token that may only read; answers the page to step up on. */
const challenge = async (origin: string, token: string, resource_arns: readonly string[]) => {
  const params = { name: 'bulk_tag_resources', arguments: { resource_arns, tags: { Owner: 'platform@example.com' } } };
  const answer = await fetch(`${origin}${routes.mcp.path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  expect(answer.status).toBe(403);
  const header = answer.headers.get('www-authenticate') ?? answer.headers.get('x-amzn-remapped-www-authenticate');
  expect(header).toContain('error="insufficient_scope"');
  expect(header).toContain('scope="tag:read tag:write"');
  const { step_up_url } = Challenged.parse(await answer.json());
  expect(new URL(step_up_url).origin).toBe(origin);
  return { stepUpUrl: step_up_url, seenByClients: answer.headers.has('www-authenticate') };
};

export interface Told {
  /** Of the agent's person, when it was over. */
  readonly token: string;
}

/** Somebody lets an agent read, and it scans. */
export const read = async (origin: string, estate: Estate): Promise<Told> => {
  const agent = await ModernAgent.connect(origin, new Employee('ana'));
  try {
    expect(await agent.tools()).toContain('check_tag_compliance');
    expect(await complianceNow(agent)).toMatchObject({
      total_resources: estate.resources,
      compliant_resources: estate.resources - estate.ownerless,
      data_quality: { status: 'complete' },
    });
    return { token: agent.host.tokens()?.access_token ?? '' };
  } finally {
    await agent.close();
  }
};

/** Reading, a change that is refused, stepped up for, countersigned, applied, audited and taken back. */
export const tell = async (origin: string, estate: Estate): Promise<Told> => {
  const [ana, ben] = [new Employee('ana'), new Employee('ben')];
  const agent = await ModernAgent.connect(origin, ana);
  try {
    expect(agent.host.tokens()?.scope).toBe('tag:read');
    const arns = await ownerless(agent, estate.ownerless);
    const { stepUpUrl, seenByClients } = await challenge(origin, agent.host.tokens()?.access_token ?? '', arns);
    // A client that sees the challenge steps up by itself, as part of the walk; for any other its person does.
    if (!seenByClients) await ana.stepUp(stepUpUrl);
    const owners: string[][] = [];
    const { applied } = await walk({
      agent,
      countersign: async (_, approvalUrl) => {
        expect(new URL(approvalUrl).origin).toBe(origin);
        await ben.answer(approvalUrl, 'approve', 'Agreed.');
        owners.push(await estate.values('Owner'));
      },
    });
    expect(agent.host.asked).toHaveLength(seenByClients ? 2 : 1);
    const before = ['ana@example.com'];
    const during = [...before, ...arns.map(() => 'platform@example.com')];
    expect(owners.map((values) => values.toSorted())).toEqual([during, before]);
    const records = await stepsOf(agent, applied);
    expect(records.toReversed().map(({ userId, action, result }) => `${userId} ${action} ${result}`)).toEqual(
      expect.arrayContaining(['ana plan success', 'ben approve success', 'ana write started', 'ana write success']),
    );
    return { token: agent.host.tokens()?.access_token ?? '' };
  } finally {
    await agent.close();
  }
};
