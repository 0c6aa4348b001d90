/** The first story of the marketing pack, told to a service that asks a stand-in for Google. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { providersOf } from '../../../contracts/packs/index.ts';
import { routes } from '../../../contracts/routes.ts';
import { ModernAgent, refusal } from '../../../service/test/rigs/clients.ts';
import { Employee } from './employee.ts';
import type { Standing } from './standing.ts';
import type { Told } from './story.ts';

/** One of the stand-in's, and the token of the Google account that sees it. */
const [customerId, googleToken] = ['1234567890', 'demo-token'];

/** As an operator does who has no page for it: a row in the stack's own table. */
const approve = async ({ stack, aws }: Standing, userId: string): Promise<void> => {
  const names = stack.all('aws_dynamodb_table').map(([, { name }]) => stack.text(name));
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(aws));
  const Item = {
    ...{ userId, accountKey: `GoogleAds:${customerId}`, api: 'GoogleAds', accountId: customerId },
    ...{ approvedBy: 'ben@example.com', approvedAt: new Date().toISOString(), status: 'ACTIVE' },
  };
  await client.send(new PutCommand({ TableName: names.find((name) => name.endsWith('approved-accounts')), Item }));
  client.destroy();
};

const Answer = z.looseObject({
  result: z.looseObject({ budgets: z.array(z.looseObject({ budget_id: z.string() })) }).optional(),
  error: z.looseObject({ code: z.string() }).optional(),
});

/** Ana's application asks the facade, with her Google token in the header where the service takes it so. */
const budgets = async ({ origin, packs, keyHeaders }: Standing, token: string, google: string | undefined) => {
  const header = providersOf(packs).flatMap((provider) => provider.header ?? [])[0] ?? '';
  const answer = await fetch(origin + routes.executeTool.path, {
    method: 'POST',
    headers: {
      ...keyHeaders,
      ...(google !== undefined && { [header]: google }),
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ tool: 'list_budgets', params: { customerId } }),
  });
  return Answer.parse(await answer.json());
};

/** Somebody connects an agent, finds the tools, and reads no account before it was approved; afterwards with a Google token. */
export const tellMarketing = async (standing: Standing): Promise<Told> => {
  const agent = await ModernAgent.connect(standing.origin, new Employee('ana'));
  try {
    const { scope, access_token: token = '' } = agent.host.tokens() ?? {};
    expect(scope).toBe('marketing:read');
    expect(await agent.tools()).toContain('list_campaigns');
    expect(await agent.call('list_my_accounts')).toMatchObject({ total: 0 });
    expect(await refusal(agent.call('list_campaigns', { customerId }))).toBe('account_not_authorized');
    await approve(standing, 'ana');
    expect(await agent.call('list_my_accounts')).toMatchObject({ total: 1 });
    expect((await budgets(standing, token, undefined)).error?.code).toBe('credentials_required');
    const answer = await budgets(standing, token, googleToken);
    // Where people connect their Google accounts, no header stands for one.
    if (standing.served?.workload.variables.GOOGLE_CREDENTIALS === 'connected')
      expect(answer.error?.code).toBe('credentials_required');
    else expect(answer.result?.budgets.map(({ budget_id }) => budget_id)).toContain('501');
    expect(standing.output()).not.toContain(googleToken);
    return { token };
  } finally {
    await agent.close();
  }
};
