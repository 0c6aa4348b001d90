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
