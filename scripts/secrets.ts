/** `npm run secrets -- create --environment staging`: the values that Terraform must not know. */

import { didYouMean } from '../contracts/nearest.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { createSecrets } from './operate/secrets/create.ts';
import { listSecrets, showSecrets } from './operate/secrets/list.ts';
import { awsPorts, type Ports } from './operate/secrets/ports.ts';
import { rotateSecret } from './operate/secrets/rotate.ts';
import { type Restoring, restoreSecrets } from './operate/secrets/scheduled.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

const actions = ['list', 'create', 'rotate', 'restore'] as const;
type Action = (typeof actions)[number];

const actionOf = (operands: readonly string[]): Action => {
  const [given] = operands;
  const action = actions.find((each) => each === given);
  if (action === undefined || operands.length > 1) {
    const meant = given === undefined || action !== undefined ? '' : ` (not ${given}${didYouMean(given, actions)})`;
    throw new UsageProblem(
      `Say what to do, one of ${actions.join(', ')}${meant}: npm run secrets -- ${actions[0]} --environment staging. A value never stands on the command line.`,
    );
  }
  return action;
};

const list = async (host: Running, operated: Operated, ports: Ports): Promise<number> => {
  const listed = await during(host, 'Reading which secrets there are', () => listSecrets(operated, ports, nowOf(host)));
  host.report(listed);
  return showSecrets(host, listed);
};

const restore = async (host: Running, operated: Operated, how: Restoring): Promise<number> => {
  const found = await restoreSecrets(host, operated, how);
  if (found === 0) host.out('None is scheduled for deletion.');
  return found > 0 && how.dryRun === true ? 2 : 0;
};

export const secrets = defineCommand({
  name: 'secrets',
  summary:
    'Lists, creates and rotates the values in Secrets Manager. No value is shown, logged, or taken as an argument.',
  operands: actions.join('|'),
  notes: [
    'list    which secrets and keys there are, which are empty, how old they are',
    'create  a value for each that has none. Generated where it only has to be random; else asked for without being shown,',
    '        or read from standard input: npm run -s secrets -- create --name app --key API_KEY < file',
    'rotate  a new value for the one of --name (and --key). What must stay valid does, until the next rotation or --retire.',
    'restore those of an environment that was destroyed, while their days last (secret_recovery_days). The next plan takes',
    '        them over.',
    'Create runs twice for a new environment: before its first plan for the headers that Terraform is handed, and after its',
    'first deployment for the rest. What reads a changed value is restarted.',
  ].join('\n'),
  exits: { 2: 'a value is missing or due, or another step is needed' },
  options: {
    environment,
    name: { type: 'string', value: 'NAME', description: 'One secret, without the environment’s prefix.' },
    key: { type: 'string', value: 'KEY', description: 'One key of a JSON secret.' },
    generate: { type: 'boolean', description: 'With --name: a random value, instead of asking for one.' },
    retire: { type: 'boolean', description: 'With rotate: ends the value before, and makes no new one.' },
    'no-restart': { type: 'boolean', description: 'Leaves what runs with what it has read.' },
    'dry-run': { type: 'boolean', description: 'Says what would be done, and changes nothing.' },
    yes: { type: 'boolean', description: 'With rotate and restore: asks nothing.' },
    json: { ...json, description: 'With list: prints JSON.' },
  },
  run: async (values, host, operands) => {
    const action = actionOf(operands);
    if (values.json === true && action !== 'list') throw new UsageProblem('--json is for list.');
    if (values.generate === true && values.name === undefined) throw new UsageProblem('--generate needs --name.');
    const operated = await openOperated(host, { environment: values.environment });
    await checkOperator(host, operated);
    const ports = awsPorts();
    const how = {
      name: values.name,
      key: values.key,
      generate: values.generate === true,
      dryRun: values['dry-run'] === true,
      restart: values['no-restart'] !== true,
    };
    return callingAws(operated, async () => {
      switch (action) {
        case 'list':
          return list(host, operated, ports);
        case 'create':
          return createSecrets(host, operated, ports, how);
        case 'rotate':
          // It restarts both colours, and the key that seals must be the same on both.
          if (!how.dryRun) await refuseWhileOpen(operated.deployments, 'secrets rotate');
          return rotateSecret(host, operated, ports, {
            ...how,
            retire: values.retire === true,
            yes: values.yes === true,
          });
        case 'restore':
          return restore(host, operated, { yes: values.yes, dryRun: values['dry-run'] });
      }
    });
  },
});

await runAsProgram(import.meta.main, secrets);
