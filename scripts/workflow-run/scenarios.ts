/** For tests: what leads a workflow to the lines that an ordinary run leaves out. */
import type { onWorkflows } from './hooks.ts';
import type { Event, Run } from './world.ts';

type Rig = ReturnType<typeof onWorkflows>;

interface Scenario {
  readonly file: string;
  readonly what: string;
  readonly event: Event;
  readonly prepare: (rig: Rig) => Promise<unknown>;
  /** How the run ends. Default: success. */
  readonly result?: Run['result'];
}

const tags = { Project: 'p', Environment: 'prod', ManagedBy: 'countersign', Stack: 's' };
/** A plan that nothing refuses. */
export const harmlessPlan = JSON.stringify({
  format_version: '1.2',
  resource_changes: [
    {
      address: 'aws_sqs_queue.x',
      mode: 'managed',
      type: 'aws_sqs_queue',
      name: 'x',
      change: {
        actions: ['create'],
        before: null,
        after: { name: 'x', sqs_managed_sse_enabled: true, tags, tags_all: tags },
      },
    },
  ],
});

const dispatched: Event = { name: 'workflow_dispatch', inputs: { environment: 'prod' } };
const changing = ({ put }: Rig) => put('plan.json', harmlessPlan);
/** What `npm run environments` says of prod. */
const listed = (more: Readonly<Record<string, unknown>>): string =>
  `echo '${JSON.stringify([{ label: 'prod', repository: 'example/countersign', container: 'countersign', ...more }])}'`;

/** A cutover that keeps the way back open; bash says how resuming it ends. */
const held =
  (more: Readonly<Record<string, unknown>>, ends: string) =>
  async ({ answer, put }: Rig): Promise<void> => {
    await answer('environments', listed({ cutover: 'colours', holds: true, ...more }));
    await put('cutover.json', '{"state":"holding","way":"load-balancer","share":100,"live":{"blue":0,"green":100}}');
    await put('cutover-at-finished', ends);
  };

/** Bash that the stand-in of the cutover runs when it has gone that far. */
const cutoverAt =
  (until: string, bash: string) =>
  ({ put }: Rig) =>
    put(`cutover-at-${until}`, bash);

export const later = 'answer later "The credentials end too soon."; exit 75';

export const scenarios: readonly Scenario[] = [
  { file: 'apply.yml', what: 'something would change', event: { name: 'push' }, prepare: changing },
  { file: 'drift.yml', what: 'something was changed by hand', event: { name: 'schedule' }, prepare: changing },
  {
    file: 'cutover.yml',
    what: 'the credentials end too soon',
    event: dispatched,
    prepare: cutoverAt('50', later),
  },
  {
    file: 'cutover.yml',
    what: 'somebody cancels it',
    event: dispatched,
    prepare: cutoverAt('50', 'echo CANCELLED >&2; exit 130'),
    result: 'cancelled',
  },
  {
    file: 'cutover.yml',
    what: 'it was ended while a step waited for its approval',
    event: dispatched,
    prepare: cutoverAt('10', 'set_to rolled-back 0; answer reached; exit 0'),
    result: 'failure',
  },
  {
    file: 'cutover-finish.yml',
    what: 'the way back has been kept open long enough',
    event: { name: 'schedule' },
    prepare: held({}, ':'),
  },
  {
    file: 'cutover-finish.yml',
    what: 'it went back instead',
    event: { name: 'schedule' },
    prepare: held({}, 'set_to rolled-back 0; answer went-back "AWS ended the instance refresh."; exit 3'),
    result: 'failure',
  },
  {
    file: 'rollback.yml',
    what: 'the session ends before all instances are replaced',
    event: dispatched,
    prepare: ({ answer }) => answer('cutover', 'exit 75'),
    result: 'failure',
  },
  {
    file: 'weekend.yml',
    what: 'a load balancer comes and goes, and its apply fails',
    event: { name: 'schedule' },
    prepare: async ({ answer }) => {
      await answer('environments', `echo '[{"label":"prod","repository":"example/countersign","weekend":true}]'`);
      await answer('doctor', 'exit 1');
    },
    result: 'failure',
  },
];
