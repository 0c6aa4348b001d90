/** A service that is started again without a pack: what the pack planned is still read and denied, and nothing else. */
import '../rigs/notes-pack.ts';

import { textOn } from '../rigs/browser.ts';
import { FirstAgent } from '../rigs/clients.ts';
import { notes, openNotes } from '../rigs/notes-pack.ts';
import { answersOn, Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

const environment = { NOTES_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}` };
const [ada, ana, vera] = [new Person('ada'), new Person('ana'), new Person('vera')];
let service: ServiceRig;
let operationId: string;
beforeAll(async () => {
  service = await startService({
    environment: { ...environment, TOOL_PACKS: 'tagging,notes' },
    overrides: { packs: { [notes]: openNotes([]) } },
  });
  const agent = await FirstAgent.connect(service.url, ana);
  const found = Object(await agent.call('find_untagged_resources', { resource_types: ['s3:bucket'] }));
  const [{ arn }] = found.resources;
  const planned = await agent.call('bulk_tag_resources', { resource_arns: [arn], tags: { Owner: 'a@example.com' } });
  operationId = Object(planned).request_id;
  await agent.close();
  await service.restart({ ...environment, TOOL_PACKS: 'notes' });
});
afterAll(async () => {
  await service?.stop();
});

it('offers nothing of the pack', async () => {
  const agent = await FirstAgent.connect(service.url, new Person('ana'));
  expect((await agent.tools()).filter((tool) => /tag/.test(tool))).toEqual([]);
  await agent.close();
  const health = await (await fetch(`${service.url}/health`)).json();
  expect(health).not.toHaveProperty('policy_source');
});

it('shows the operation to an admin, in the list and on its page, and to nobody who holds no scope of the pack', async () => {
  expect(textOn(await ada.open(`${service.url}/operations`))).toContain('Set Owner="a@example.com"');
  const page = await ada.open(`${service.url}/operations/${operationId}`);
  expect([page.status, textOn(page).includes('TOOL_PACKS')]).toEqual([200, true]);
  expect((await vera.open(`${service.url}/operations/${operationId}`)).status).toBe(404);
});

it('lets nobody agree to it, and lets it be denied', async () => {
  expect(answersOn(await ada.open(`${service.url}/approvals/${operationId}`))).toEqual(['deny']);
  const denied = await ada.answer(`${service.url}/approvals/${operationId}`, 'deny', 'Its pack is off.');
  expect(textOn(denied)).toContain('Its pack is off.');
  expect(service.faults()).toEqual([]);
});
