/** What a newcomer does with the marketing sandbox of `npm start`: from two generations of clients, and on the pages. */
import { textOn } from '../rigs/browser.ts';
import { FirstAgent, ModernAgent, ToolFailure } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';

const budget = { customerId: '1234567890', budgetId: '501', reason: 'More shoes for the season' };

let service: SpawnedService;
let agent: ModernAgent;
const ana = new Person('ana');
const ben = new Person('ben');

beforeAll(async () => {
  service = await spawnService({ environment: { TOOL_PACKS: 'marketing' } });
  agent = await ModernAgent.connect(service.url, ana);
});
afterAll(async () => {
  await agent.close();
  await service.stop();
});

const amountNow = async (): Promise<unknown> => {
  const { budgets } = await agent.call('list_budgets', { customerId: budget.customerId });
  return (budgets as { budget_id?: string; id?: string }[]).find((each) => JSON.stringify(each).includes('"501"'));
};

it('finds accounts that were approved, and a request that waits for the manager', async () => {
  const { accounts } = await agent.call('list_my_accounts');
  expect(JSON.stringify(accounts)).toContain('1234567890');
  expect(textOn(await ben.open(`${service.url}/access`))).toContain('Ana the analyst asks for 2 accounts');
});

it('has a slip of 800 % refused with what would be let through, from either client', async () => {
  const first = await FirstAgent.connect(service.url, ana);
  for (const each of [agent, first]) {
    const refused = await each
      .call('update_budget', { ...budget, newDailyAmount: '900' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ToolFailure);
    expect(refused).toMatchObject({
      code: 'safety_limit_exceeded',
      message: expect.stringContaining('maximum 600.00'),
    });
  }
  await first.close();
});

it('has a sensible change planned, countersigned on the page, applied, and taken back', async () => {
  const asked = await agent.call('update_budget', { ...budget, newDailyAmount: '150' });
  expect(asked).toMatchObject({ status: 'awaiting-countersign', sandbox: true });
  const page = await ben.answer(String(asked.approval_url), 'approve');
  expect(textOn(page)).toContain('150.00');
  expect(JSON.stringify(await amountNow())).toContain('150.00');
  const undo = await agent.call('rollback_operation', { operation_id: asked.operation_id });
  await ben.answer(String(undo.approval_url), 'approve');
  expect(JSON.stringify(await amountNow())).toContain('100.00');
});
