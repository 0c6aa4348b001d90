/** Before a scan runs: what it may be regretted for, and that each tool that scans asks, commits, and is not gone around. */
import { contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { openDispatch } from '../../../../test/rigs/dispatch.ts';
import type { Objects } from '../../../ports/objects.ts';

describe('what a scan may be regretted for', () => {
  const regrets = async (input: object, scanned = false) => {
    const pack = await startPack();
    if (scanned) await pack.call('check_tag_compliance', input);
    const tool = pack.find('check_tag_compliance');
    return (await tool.regrets?.(tool.input.parse(input), contextFor())) ?? [];
  };

  it('is nothing of a scan of everything', async () => {
    expect(await regrets({})).toEqual([]);
  });

  it('names what is looked at and what is not: types, regions, accounts', async () => {
    const found = await regrets({
      resource_types: ['ec2:instance'],
      regions: ['us-east-1'],
      accounts: ['123456789012'],
    });
    expect(found.map(({ kind }) => kind)).toEqual(['missing_resources', 'missing_resources', 'wrong_region']);
    expect(found[0]?.text).toMatch(/^This looks at ec2:instance only: .* will not be included\.$/);
    expect(found[2]?.text).toContain('This looks at us-east-1 only');
  });

  it('says how old the numbers about money are', async () => {
    const found = await regrets({ regions: ['us-east-1'] }, true);
    expect(found.at(-1)).toMatchObject({
      kind: 'stale_data',
      text: expect.stringContaining('2026-11-20T09:00:00.000Z'),
    });
  });
});

/** Takes files and drops them. */
const noFiles: Pick<Objects, 'put' | 'list' | 'link'> = {
  put: async (key) => ({ key, size: 0, etag: 'e', writtenAt: startOfTests }),
  list: async () => ({ items: [] }),
  link: async () => ({ url: 'https://mcp.example.com/download', expiresAt: startOfTests.toISOString() }),
};
const objects = noFiles as Objects;

const scanTools = [
  'check_tag_compliance',
  'find_untagged_resources',
  'get_cost_attribution_gap',
  'generate_compliance_report',
  'detect_tag_drift',
  'export_violations_csv',
];

describe('each tool that may be questioned', () => {
  it.each(scanTools)(
    '%s: a vague call is asked about, the clear one committed as it was said, and nothing else runs it',
    async (name) => {
      const pack = await startPack({ services: { objects } });
      const tool = pack.find(name);
      if (tool.kind !== 'query') throw new Error(`${name} reads`);
      let ran = 0;
      const counted = {
        ...tool,
        run: async (...args: Parameters<typeof tool.run>) => {
          ran += 1;
          return tool.run(...args);
        },
      };
      const rig = openDispatch({ clarify: 'always', served: [counted] });
      const ask = async (args: object) => Object((await rig.call(name, args)).structured);
      const vague = await ask({});
      expect(vague.clarification_needed).toBe(true);
      // A question is worth asking if it names an argument, offers at least two answers and says what each takes.
      for (const { parameter, question, options } of vague.ambiguities) {
        expect(Object.keys(tool.input.shape)).toContain(parameter);
        expect(question).toMatch(/^[A-Z].*\?$/);
        expect(options.length).toBeGreaterThan(1);
        for (const option of options)
          expect(option).toMatchObject({ estimated_resources: expect.any(Number), estimated_time: expect.any(Number) });
      }
      const clear = {
        resource_types: ['rds:db'],
        regions: ['us-east-1'],
        ...(name === 'get_cost_attribution_gap' && { time_period: { Start: '2026-11-01', End: '2026-11-20' } }),
      };
      const { ambiguities, intent_commit: commit } = await ask(clear);
      expect(ambiguities).toEqual([]);
      expect(commit.potential_regrets).toEqual([
        expect.stringMatching(/^This looks at rds:db only: /),
        'This looks at us-east-1 only: us-west-2 and eu-west-1 will not be included.',
      ]);
      expect(commit).toMatchObject({ operation: name, parameters: clear });
      const { intent_id } = commit;
      await expect(rig.call(name, { ...clear, regions: ['eu-west-1'], intent_id })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(rig.call(name, { ...clear, intent_id: 'int_x' })).rejects.toMatchObject({ code: 'not_found' });
      expect(ran).toBe(0);
      await rig.call(name, { ...clear, intent_id });
      expect(ran).toBe(1);
    },
  );
});
