/** The service as newcomers start it: one command, nothing configured, and nothing lost when the machine goes down. */
import { demoPeople } from '../../src/auth/people.ts';
import { ask, complianceNow, Detail, Requested, stepsOf } from '../rigs/answers.ts';
import { ModernAgent } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { ownerless } from '../rigs/spine.ts';

let service: SpawnedService;
beforeAll(async () => {
  service = await spawnService();
});
afterAll(() => service.stop());

it('says where it runs, who to be and how to connect', () => {
  const said = service.output();
  expect(said).toContain(`Countersign runs at ${service.url}`);
  for (const { name } of demoPeople) expect(said).toContain(name);
  for (const how of [
    `claude mcp add --transport http countersign ${service.url}/mcp`,
    `Add custom connector > ${service.url}/mcp`,
    `"args": ["-y", "mcp-remote", "${service.url}/mcp"]`,
    'npx @modelcontextprotocol/inspector',
  ])
    expect(said).toContain(how);
});

it('is killed in the middle of a story, and goes on where it was', async () => {
  const agent = await ModernAgent.connect(service.url, new Person('ana'));
  const ben = new Person('ben');
  const args = { resource_arns: await ownerless(agent, 3), tags: { Owner: 'platform@example.com' } };
  const request = await ask(agent, Requested, 'bulk_tag_resources', args);
  await ben.open(request.approval_url);
  await service.kill();
  await service.resume();

  // Without signing in again: neither the agent nor the person at the page.
  await ben.answer(request.approval_url, 'approve');
  expect(ben.browser.visited.filter((visit) => visit === '303 /sign-in')).toHaveLength(1);
  const operation = { operation_id: request.request_id };
  expect(await ask(agent, Detail, 'get_operation', operation)).toMatchObject({ status: 'applied' });
  const { compliant_resources } = await complianceNow(agent);
  await service.kill();
  await service.resume();

  expect(await ask(agent, Detail, 'get_operation', operation)).toMatchObject({ status: 'applied' });
  expect((await complianceNow(agent)).compliant_resources).toBe(compliant_resources);
  const records = await stepsOf(agent, operation.operation_id);
  expect(records.map(({ action, result }) => `${action} ${result}`)).toEqual([
    'write success',
    'write started',
    'approve success',
    'plan success',
  ]);
  expect(agent.host.asked).toHaveLength(2);
  await agent.close();
});

it('ends in good order when it is told to', async () => {
  expect(await service.terminate()).toBe(0);
});
