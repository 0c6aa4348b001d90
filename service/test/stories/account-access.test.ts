/** From a refused call over the request and a manager's decision to the call that runs, and to its end. */

import '../rigs/letters/contract.ts';

import { z } from 'zod';
import { type Seen, textOn } from '../rigs/browser.ts';
import { ModernAgent, refusal } from '../rigs/clients.ts';
import { letters } from '../rigs/letters/contract.ts';
import { nothingSeen, openLetters } from '../rigs/letters/open.ts';
import { Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

const customer = '1234567890';
const Asked = z.object({ request_id: z.string(), status: z.string(), page: z.string() });
const Operation = z.object({ operation_id: z.string() });

const seen = nothingSeen();
let service: ServiceRig;
let agent: ModernAgent;
// Ana and Ben are of one team, Max is of another, and Ada is an admin.
const [ana, ben, max, ada] = [new Person('ana'), new Person('ben'), new Person('max'), new Person('ada')];

beforeAll(async () => {
  service = await startService({
    environment: { TOOL_PACKS: 'letters', APPROVE_ON_PAGE_ONLY: 'true' },
    overrides: { packs: { [letters]: openLetters(seen) } },
  });
  agent = await ModernAgent.connect(service.url, ana);
});
afterAll(async () => {
  await agent.close();
  await service.stop();
  expect(service.faults()).toEqual([]);
});

const page = (path: string): string => `${service.url}${path}`;
const submitted = async (who: Person, path: string, fields: Record<string, string>) =>
  who.browser.submit(await who.open(page(path)), fields);

const withoutId = (shown: Seen): string => textOn(shown).replace(/id: [0-9a-f-]+/, '');

let request: z.output<typeof Asked>;

it('refuses a call before the upstream is asked, and says how to ask for access', async () => {
  await expect(agent.call('track_letter', { customer })).rejects.toMatchObject({
    code: 'account_not_authorized',
    details: {
      code: 'ACCOUNT_NOT_AUTHORIZED',
      api: 'Courier',
      requestedAccount: customer,
      approvedAccounts: [],
      action: expect.stringContaining('request_account_access'),
    },
  });
  expect(seen.tracked).toEqual([]);
  const { records } = z
    .object({ records: z.array(z.looseObject({ tool: z.string() })) })
    .parse(await agent.call('get_audit_log', {}));
  expect(records.find(({ tool }) => tool === 'track_letter')).toMatchObject({
    result: 'blocked',
    errorCode: 'account_not_authorized',
    accountId: customer,
  });
});

it('takes a request with its reason, which a manager of the team finds on a page', async () => {
  const account = { api: 'Courier', account_id: customer, account_name: 'Shop', client_name: 'Client A' };
  request = Asked.parse(
    await agent.call('request_account_access', { accounts: [account], reason: 'Letters of spring' }),
  );
  expect(request.status).toBe('PENDING');
  const text = textOn(await ben.open(page('/access')));
  expect(text).toContain('Ana the analyst asks for 1 account');
  expect(text).toContain('Courier:1234567890 Shop of Client A');
  expect(textOn(await max.open(page('/access')))).not.toContain('Courier:1234567890');
});

it('shows the request to nobody of another team, as if there were none', async () => {
  const missing = `ar_${'0'.repeat(32)}`;
  const [hidden, none] = await Promise.all([max.open(request.page), max.open(page(`/access/requests/${missing}`))]);
  expect([hidden.status, none.status]).toEqual([404, 404]);
  expect(withoutId(hidden)).toBe(withoutId(none));
});

it('is decided by the manager on its page, never by whoever asked and not through a tool', async () => {
  expect(textOn(await ana.open(request.page))).toContain('Nobody decides about their own access');
  const manager = await ModernAgent.connect(service.url, ben);
  const given = { request_id: request.request_id, decision: 'approve' };
  expect(await refusal(manager.call('decide_access_request', given))).toBe('page_required');
  expect(manager.host.asked.at(-1)?.searchParams.get('scope')).toContain('letters:approve');
  await manager.close();
  const nothing = { decision: 'approve', days: '30', note: '' };
  const unticked = await ben.browser.submit(await ben.open(request.page), nothing);
  expect([unticked.status, textOn(unticked)]).toEqual([400, expect.stringContaining('must be one or more')]);
  const decided = await ben.browser.submit(unticked, { ...nothing, accounts: `Courier:${customer}` });
  expect(textOn(decided)).toContain('Your decision was taken');
  expect(await agent.call('list_my_accounts')).toMatchObject({
    accounts: [{ account: `Courier:${customer}`, status: 'ACTIVE', approved_by: 'ben@example.com' }],
    total: 1,
  });
});

it('lets the call run, and a change be planned and applied', async () => {
  expect(await agent.call('track_letter', { customer })).toEqual({ place: 'under way' });
  expect(seen.tracked).toEqual([customer]);
  const { operation_id } = Operation.parse(await agent.call('send_letter', { to: 'ada', text: 'Come', customer }));
  await ben.answer(page(`/approvals/${operation_id}`), 'approve');
  expect(await agent.call('list_letters')).toEqual({ letters: [['ada', 'Come']] });
});

it('takes nothing of a form that was shown before the request was decided', async () => {
  const account = { api: 'Courier', account_id: '3333333333' };
  const asked = Asked.parse(
    await agent.call('request_account_access', { accounts: [account], reason: 'Letters of autumn' }),
  );
  const shown = await ada.open(asked.page);
  await ben.browser.submit(await ben.open(asked.page), {
    decision: 'reject',
    days: '30',
    note: 'It is of another client',
  });
  const replayed = await ada.browser.submit(shown, { decision: 'approve', days: '30', note: '' });
  expect([replayed.status, textOn(replayed)]).toEqual([409, expect.stringContaining('is REJECTED already')]);
  const elsewhere = await max.open(page('/access'));
  const forged = await max.browser.submit(
    { ...elsewhere, body: shown.body, url: shown.url },
    { decision: 'approve', days: '30', note: '' },
  );
  expect(forged.status).toBe(403);
  expect(await agent.call('list_my_accounts')).toMatchObject({ total: 1 });
});

it('applies nothing that was approved, once access is taken away', async () => {
  const { operation_id } = Operation.parse(await agent.call('send_letter', { to: 'ben', text: 'Go', customer }));
  const list = `/access/accounts?api=Courier&account_id=${customer}`;
  expect(textOn(await ben.open(page(list)))).toContain('ana active');
  const taken = await submitted(ben, list, { note: 'Another team has it now' });
  expect(textOn(taken)).toContain('The access was taken away');
  await ben.answer(page(`/approvals/${operation_id}`), 'approve');
  expect(await agent.call('get_operation', { operation_id })).toMatchObject({
    status: 'failed',
    note: expect.stringContaining('may no longer act on an account'),
  });
  expect(await agent.call('list_letters')).toEqual({ letters: [['ada', 'Come']] });
  expect(await refusal(agent.call('track_letter', { customer }))).toBe('account_not_authorized');
});

it('lets people ask on the page, and says there what is wrong with it', async () => {
  const wrong = await submitted(ana, '/access', {
    api: 'Courier',
    account_id: '123',
    days: '30',
    reason: 'For the next campaign',
  });
  expect([wrong.status, textOn(wrong)]).toEqual([400, expect.stringContaining('write it like 1234567890')]);
  const asked = await ana.browser.submit(wrong, {
    api: 'Courier',
    account_id: '2222222222',
    days: '30',
    reason: 'For the next campaign',
  });
  expect(textOn(asked)).toContain('You asked for access');
  expect(textOn(await ada.open(page('/access')))).toContain('Courier:2222222222');
});

it('puts changes of tags behind approvals where a setting says so, and no reading', async () => {
  const tagging = await startService({
    environment: { TOOL_PACKS: 'tagging', ACCOUNT_APPROVAL_FOR_TAGGING: 'changes' },
  });
  const asking = await ModernAgent.connect(tagging.url, new Person('ana'));
  const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';
  const change = { resource_arns: [arn], tags: { Owner: 'ana' } };
  expect(await refusal(asking.call('bulk_tag_resources', change))).toBe('account_not_authorized');
  expect(await refusal(asking.call('find_untagged_resources', { accounts: ['123456789012'] }))).toBe('answered');
  await asking.close();
  await tagging.stop();
});
