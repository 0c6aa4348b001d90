import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, runCommand } from '../platform/command.ts';
import { comment, commentOf, LONGEST, marker } from './comment.ts';
import { readStacks, type StackReport } from './report.ts';
import type { Change } from './review.ts';

const fixture = (name: string) => join(import.meta.dirname, `fixtures/${name}.plan.json`);
const of = async (...names: string[]) => (await Promise.all(names.map((name) => readStacks(fixture(name))))).flat();

const created = (name: string, size = 0): Change => ({
  address: `aws_sns_topic.${name}`,
  type: 'aws_sns_topic',
  action: 'create',
  kind: 'other',
  losesState: false,
  forcedBy: [],
  differences: [{ path: 'name', after: 'x'.repeat(size) }],
});
const deleted = (name: string): Change => ({ ...created(name), action: 'delete' });
const report = (stack: string, changes: Change[]): StackReport => ({
  stack,
  outcome: 'changes',
  waitsFor: [],
  review: { stack, changes, outputs: [] },
  findings: [],
});
/** Fences and folds that are opened and never closed. */
const open = (text: string) => [
  (text.match(/^```/gm) ?? []).length % 2,
  (text.match(/<details>/g) ?? []).length - (text.match(/<\/details>/g) ?? []).length,
];

describe('the comment on a pull request', () => {
  it('begins with a marker nobody sees, and the totals of every stack', async () => {
    const text = commentOf('dev', await of('change', 'none'));
    expect(text.split('\n')[0]).toBe('<!-- countersign-plan:dev -->');
    expect(text).toContain('| `change` | 1 | 1 | 4 | 2 |');
    expect(text).toContain('| `none` | 0 | 0 | 0 | 0 |');
  });

  it('tells what is refused and what holds data before anything else, and folds what is new', async () => {
    const text = commentOf('dev', await of('change'));
    const order = [
      '1 of what is destroyed or replaced holds data.',
      'aws_dynamodb_table.audit holds data and would be destroyed (stateful-destroy)',
      '- aws_dynamodb_table.audit   HOLDS DATA',
      '- aws_lb_target_group.blue   replaced',
      '#     because port: 3000 → 8080',
      '      policy: + Allow s3:* on *',
      '      cidr_ipv4: "10.0.0.0/16" → "0.0.0.0/0"',
      '! aws_sqs_queue.work',
      '<details><summary>Created in `change` (1)</summary>',
      '+ aws_s3_bucket.data',
    ].map((line) => text.indexOf(line));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(open(text)).toEqual([0, 0]);
  });

  it('holds no secret', async () => {
    const text = commentOf('dev', await of('change', 'destroy'));
    expect(text).toContain('value: (sensitive) → (sensitive)');
    expect(text).not.toContain('secret-of-the-header');
  });

  it('tells the destructions of all stacks before what any of them makes', () => {
    const text = commentOf('all', [report('one', [created('first')]), report('two', [deleted('second')])]);
    expect(text.indexOf('aws_sns_topic.second')).toBeLessThan(text.indexOf('aws_sns_topic.first'));
  });

  it('says which layers are planned later', () => {
    const waiting: StackReport = { stack: 'dev-backend', outcome: 'waits', waitsFor: ['dev-network'], findings: [] };
    expect(commentOf('dev', [waiting])).toContain('| `dev-backend` | planned once dev-network have been applied |');
  });

  it('is cut between changes where GitHub would refuse it, new resources first, and says how many are missing', () => {
    const many = Array.from({ length: 3000 }, (_, index) => created(`topic-${index}-${'x'.repeat(40)}`));
    const text = commentOf('dev', [report('one', [...many, deleted('gone')])]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST);
    expect(text).toContain('- aws_sns_topic.gone');
    expect(open(text)).toEqual([0, 0]);
    const shown = (text.match(/^\+ aws_sns_topic/gm) ?? []).length;
    expect(shown).toBeGreaterThan(500);
    expect(text).toContain(`**Cut here: ${3000 - shown} changes are not shown.**`);
  });

  it('shows nothing after a cut, for what is left out is the last', () => {
    const long = Array.from({ length: 40 }, (_, index) => deleted(`topic-${index}-${'x'.repeat(2000)}`));
    const text = commentOf('dev', [report('one', [...long, created('small')])]);
    expect(text).toContain('Cut here');
    expect(text).not.toContain('aws_sns_topic.small');
  });

  it('stays short enough when even its head is long', () => {
    const stacks = Array.from({ length: 400 }, (_, index) => ({
      ...report(`stack-${index}`, [deleted('gone')]),
      findings: [{ check: 'wildcards', address: 'aws_x.y', problem: 'p'.repeat(300) }],
    }));
    const text = commentOf('dev', stacks);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST);
    expect(open(text)[0]).toBe(0);
  });

  it('lets no value end its fence, so that none is rendered or mentions anybody', () => {
    const hostile: Change = {
      ...created('x'),
      action: 'update',
      differences: [{ path: 'name', after: '"```\n@everyone <img>"' }],
    };
    const text = commentOf('dev', [report('one', [hostile])]);
    expect(open(text)).toEqual([0, 0]);
    expect(text.slice(0, text.indexOf('@everyone')).match(/```/g)).toHaveLength(1);
  });

  it('cannot be given a title that ends its marker', () => {
    expect(marker('dev --> <script>')).toBe('<!-- countersign-plan:dev--script -->');
  });
});

describe('the command', () => {
  const run = async (...args: string[]) => {
    let text = '';
    const host: Host = {
      root: '.',
      env: {},
      out: (line) => {
        text += line;
      },
      err: (line) => {
        text += line;
      },
      ask: undefined,
    };
    return { code: await runCommand(comment, args, host), text };
  };

  it('takes plans of terraform and reports of npm run plan alike', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-comment-'));
    const file = join(folder, 'review.json');
    await writeFile(file, JSON.stringify({ environment: 'dev', stacks: await of('change') }));
    const [fromReport, fromPlan] = [await run('--title', 'dev', file), await run('--title', 'dev', fixture('change'))];
    expect(fromReport).toEqual(fromPlan);
    expect(fromPlan.code).toBe(0);
    await writeFile(file, '{"stacks": [1]}');
    expect(await run(file)).toMatchObject({ code: 1, text: expect.stringContaining('neither a plan nor a report') });
    await rm(folder, { recursive: true });
  });
});
