/** `npm run backup:verify -- --environment prod`: restores a backup, because only a restored backup is known to work. */
import { type ClientOf, openClients } from './operate/clients.ts';
import { momentOf } from './operate/moment.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { usualPace } from './operate/restore/copy.ts';
import { heldAgainst, heldOptions } from './operate/restore/held.ts';
import { leftoversOf } from './operate/restore/leftovers.ts';
import { copyLabel } from './operate/restore/names.ts';
import { copyOf } from './operate/restore/open.ts';
import { trialText } from './operate/restore/text.ts';
import { type Trial, tryCopy } from './operate/restore/trial.ts';
import { announced, underWay } from './operate/restore/under-way.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { interruptible } from './platform/interrupt.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

interface Asked {
  readonly yes: boolean | undefined;
  readonly dryRun: boolean | undefined;
}

const clean = async (host: Running, { environment: name, deployments }: Operated, of: ClientOf, asked: Asked) => {
  const found = await Promise.all(
    deployments.map(async (deployment) => {
      const client: ClientOf = (Client, at = deployment.region) => of(Client, at);
      const used = await underWay(host, { deployment, client });
      if (used !== undefined)
        host.out(`Left alone, because a verification uses them since ${used.since}: ${used.names.join(', ')}`);
      const there = await leftoversOf(deployment, client, usualPace);
      return there.filter(({ name }) => used?.names.includes(name) !== true);
    }),
  );
  const left = found.flat();
  const names = left.map((each) => each.name);
  if (left.length === 0) {
    host.out('Nothing was left behind.');
    host.report({ environment: name, outcome: 'unchanged', removed: [] });
    return exitCodes.done;
  }
  host.out(`Left behind: ${names.join(', ')}`);
  if (asked.dryRun === true) {
    host.report({ environment: name, outcome: 'planned', removed: names });
    return exitCodes.attention;
  }
  await agree(host, asked.yes, 'Type yes to take this away: ');
  const removed = await during(host, 'Taking it away', () => Promise.all(left.map(({ remove }) => remove())));
  const still = names.filter((_, index) => removed[index] !== true);
  if (still.length > 0) throw new OperatorProblem(`AWS did not take away ${still.join(', ')} in time: repeat this.`);
  host.report({ environment: name, outcome: 'changed', removed: names });
  return exitCodes.done;
};

/** When the copy was restored and nothing in it could be verified, somebody should look. */
const exitCodeOf = (trials: readonly Trial[]): number => {
  if (trials.some(({ faults }) => faults.length > 0)) return exitCodes.failed;
  return trials.every(({ audit }) => (audit?.records ?? 0) > 0) ? exitCodes.done : exitCodes.attention;
};

export const backupVerify = defineCommand({
  name: 'backup:verify',
  summary: 'Restores a backup into a copy, verifies the copy, and deletes it again.',
  notes: [
    'The copy of tables is <table_prefix>restore-<date>-<table>, that of a database <database>-restore-<date> in the same subnets,',
    'security group and parameter group. Its audit log is checked against its chains, the anchors of that moment and --since. Its rows',
    'are counted, and compared with those in service where rows say when they were written. DynamoDB charges for reading every row.',
    'It needs secretsmanager:GetSecretValue on the encryption key, and must read the copy. The apply role may do neither, on purpose.',
    'The security group of a database must let this machine in. DATABASE_HOST and DATABASE_PORT name a tunnel,',
    'DATABASE_CA_FILE holds the authorities of RDS (https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem).',
  ].join('\n'),
  exits: {
    0: 'whole',
    1: 'something is wrong with the copy, or it could not be made; it is deleted all the same',
    2: 'it was restored, and nothing in it could be verified; with --dry-run: what would be done',
  },
  options: {
    environment,
    region,
    to: { type: 'string', value: 'TIME', description: 'Moment to restore. Default: the newest there is.' },
    ...heldOptions,
    clean: {
      type: 'boolean',
      description: 'Deletes what a killed verification left, but not what another one uses now. Verifies nothing.',
    },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would be made, and makes nothing.' },
  },
  run: async (values, host) => {
    const now = nowOf(host);
    const to = momentOf('to', values.to, now);
    if (to !== undefined && values.snapshot !== undefined)
      throw new UsageProblem('A snapshot has its own moment: leave --to out.');
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const asked = { yes: values.yes, dryRun: values['dry-run'] };
    const { of, close } = openClients(operated.settings.regions[0] ?? '', host.env.AWS_ENDPOINT_URL);
    return callingAws(operated, async () => {
      if (values.clean === true) return clean(host, operated, of, asked);
      const held = await heldAgainst(values);
      const copies = operated.deployments.map((deployment) => {
        const client: ClientOf = (Client, at = deployment.region) => of(Client, at);
        const copy = copyOf({
          deployment,
          client,
          label: copyLabel('restore', now),
          pace: usualPace,
          origin: values.snapshot === undefined ? undefined : { kind: 'snapshot', id: values.snapshot },
        });
        return { deployment, client, copy };
      });
      for (const { deployment, copy } of copies)
        host.out(`To be made in ${deployment.region}: ${copy.names.join(', ')}`);
      if (values['dry-run'] === true) {
        host.report({
          environment: operated.environment,
          outcome: 'planned',
          names: copies.map(({ copy }) => copy.names),
        });
        return exitCodes.attention;
      }
      await agree(host, values.yes, 'Type yes to restore a copy: ');
      const trials: Trial[] = [];
      await interruptible(host, async (signal) => {
        for (const { deployment, client, copy } of copies) {
          const props = { deployment, client, to, ...held };
          const verify = () => tryCopy(host, copy, props, signal);
          trials.push(await announced(host, { deployment, client }, copy.names, verify));
        }
      });
      for (const trial of trials) host.out(`\n${trialText(trial)}`);
      const [first] = trials;
      // `heads` stands where a report of audit:verify has it, for --since.
      host.report({ environment: operated.environment, outcome: 'verified', heads: first?.audit?.heads ?? {}, trials });
      return exitCodeOf(trials);
    }).finally(close);
  },
});

await runAsProgram(import.meta.main, backupVerify);
