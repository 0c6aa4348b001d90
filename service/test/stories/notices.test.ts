/** People are told of a change that was asked for right before the process was killed: each once, by links that only lead to a page. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, Detail, Requested } from '../rigs/answers.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { ModernAgent } from '../rigs/clients.ts';
import { all, parseMarkup, text } from '../rigs/markup.ts';
import { Person } from '../rigs/person.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { ownerless } from '../rigs/spine.ts';

let service: SpawnedService;
let agent: ModernAgent;
const [ana, ben, ada] = [new Person('ana'), new Person('ben'), new Person('ada')];
beforeAll(async () => {
  service = await spawnService();
  agent = await ModernAgent.connect(service.url, ana);
});
afterAll(async () => {
  await agent.close();
  await service.stop();
});

/** The messages that the sandbox shows, as `Mail to ben: A change waits for your answer`. */
const messages = async (person = ben): Promise<string[]> => {
  const page = parseMarkup((await person.open(`${service.url}/notices/sent`)).body);
  return all(page, 'li', { class: 'item panel' }).map((item) => {
    const [title = ''] = all(item, 'h2').map(text);
    const [how = ''] = all(item, 'p').map(text);
    return `${how.split(' · ', 1)[0]?.trim()}: ${title.split(':', 1)[0]}`;
  });
};

const eventually = async (wanted: (said: readonly string[]) => boolean): Promise<string[]> => {
  for (let tries = 0; ; tries += 1) {
    const said = await messages();
    if (wanted(said) || tries === 100) return said.toSorted();
    await sleep(100);
  }
};

it('what was asked for when the process was killed is told to each approver and channel, once', async () => {
  const args = { resource_arns: await ownerless(agent, 2), tags: { Owner: 'platform@example.com' } };
  const request = await ask(agent, Requested, 'bulk_tag_resources', args);
  await service.kill();
  await service.resume();
  const waits = [
    'Mail to ada: A change waits for your answer',
    'Mail to ben: A change waits for your answer',
    'Mail to max: A change waits for your answer',
    'Slack to #approvers: A change waits for your answer',
    'Teams to #team: A change waits for your answer',
  ];
  expect(await eventually((said) => said.length >= waits.length)).toEqual(waits);

  const sent = (await ben.open(`${service.url}/notices/sent`)).body;
  const links = new Set(sent.match(/http:\/\/localhost:\d+\/[\w/]+/g));
  expect(links).toContain(`${service.url}/approvals/${request.request_id}`);
  const before = await ask(agent, Detail, 'get_operation', { operation_id: request.request_id });
  for (const link of links) {
    const seen = await new Browser().request(link);
    expect([link, seen.status, seen.headers.get('location')?.startsWith('/sign-in?')]).toEqual([link, 303, true]);
  }
  expect(await ask(agent, Detail, 'get_operation', { operation_id: request.request_id })).toEqual(before);

  await ben.answer(request.approval_url, 'approve');
  const outcome = 'Mail to ana: The change you asked for was approved and applied';
  const said = await eventually((lines) => lines.length >= waits.length + 4);
  expect(said.filter((line) => !waits.includes(line))).toEqual([
    outcome,
    'Slack to #approvers: A change was approved and applied',
    'Teams to #team: A change was approved and applied',
    'Webhook to #security-log: A change was approved and applied',
  ]);
}, 60_000);

it('a person chooses on a page, and only admins see shared channels', async () => {
  const page = await ben.open(`${service.url}/notices`);
  expect(textOn(page)).not.toContain('Shared channels');
  const saved = await ben.browser.submit(page, { waiting: 'slack', summaries: 'hour' });
  expect(textOn(saved)).toContain('Your choices are saved.');
  const checked = all(parseMarkup(saved.body), 'input').filter(({ attributes }) => 'checked' in attributes);
  expect(checked.map(({ attributes: { name, value } }) => `${name} ${value}`)).toEqual([
    'waiting slack',
    'summaries hour',
  ]);
  expect(textOn(await ada.open(`${service.url}/notices`))).toMatch(/Shared channels approvers/);
});
