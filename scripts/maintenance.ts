/** `npm run maintenance -- --environment prod on --until 2027-01-31T06:00Z`: answers every call with 503 and a reason. */
import { openClients } from './operate/clients.ts';
import { refuseWhileShifting } from './operate/maintenance/beside.ts';
import { bodyOf, defaultMessage, untilOf } from './operate/maintenance/page.ts';
import { type Switching, switchingOf } from './operate/maintenance/switching.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { table } from './operate/table.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

const verbs = {
  on: 'adds a rule that answers before the one that serves. A second call changes its answer',
  off: 'lets the service serve again',
};

interface Given {
  readonly until: string | undefined;
  readonly message: string | undefined;
}

/** Undefined: the service is to serve again. */
const wantedBody = (on: boolean, { until, message }: Given, now: Date): string | undefined => {
  if (on) return bodyOf({ message: message ?? defaultMessage, until: untilOf(until, now) });
  if (until !== undefined || message !== undefined) throw new UsageProblem('--until and --message are for on.');
  return undefined;
};

const show = (host: Running, switchings: readonly Switching[]): void =>
  host.out(
    table(
      ['region', 'what', 'now', 'then'],
      switchings.map(({ region: at, what, before, after }) => [at, what, before, after]),
    ),
  );

export const maintenance = defineCommand({
  name: 'maintenance',
  summary: 'Answers every call with 503 and a reason, until it is switched off. Tasks go on running.',
  verbs,
  notes: [
    'Requests with the preview header still reach their colour. A function has no load balancer: it takes no calls, and API Gateway answers',
    'an error of its own. Nothing ends maintenance by itself, not even --until: npm run doctor says when it is over.',
    'A cutover that shifts or bakes would go back on the 503, so each refuses the other until then.',
    'Health checks of DNS see the 503 too: with several regions, clients go to those that serve. Alarms on 5xx may sound.',
  ].join('\n'),
  exits: { 0: 'done, or nothing to do', 2: 'with --dry-run: something would change' },
  options: {
    environment,
    region,
    until: { type: 'string', value: 'TIME', description: 'With on: when it is to end, which clients are told.' },
    message: { type: 'string', value: 'TEXT', description: 'With on: what people read. At most 1,024 bytes in all.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would change, and changes nothing.' },
  },
  run: async (values, host, [verb]) => {
    const on = verb === 'on';
    const body = wantedBody(on, values, nowOf(host));
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const { of, close } = openClients(operated.settings.regions[0] ?? '', host.env.AWS_ENDPOINT_URL);
    return callingAws(operated, async () => {
      if (on) await refuseWhileShifting(operated.deployments);
      const switchings = await during(host, 'Reading what answers now', () =>
        Promise.all(
          operated.deployments.map((deployment) =>
            switchingOf(deployment, (Client, at = deployment.region) => of(Client, at), body),
          ),
        ),
      );
      const changes = switchings.filter(({ write }) => write !== undefined);
      const report = (outcome: 'unchanged' | 'planned' | 'changed'): void =>
        host.report({
          environment: operated.environment,
          maintenance: on ? 'on' : 'off',
          outcome,
          changes: changes.map(({ write: _, ...told }) => told),
        });
      if (changes.length === 0) {
        host.out('It is so already.');
        report('unchanged');
        return exitCodes.done;
      }
      show(host, changes);
      if (values['dry-run'] === true) {
        report('planned');
        return exitCodes.attention;
      }
      await agree(host, values.yes);
      for (const { write } of changes) await write?.();
      host.out(on ? 'Maintenance is on.' : 'The service serves again.');
      report('changed');
      return exitCodes.done;
    }).finally(close);
  },
});

await runAsProgram(import.meta.main, maintenance);
