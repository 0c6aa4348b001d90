/** `npm run restore -- --environment prod --to 2026-11-30T09:15Z`: restores a copy beside the store, as of that time. */

import type { Deployment } from '../modules/stacks/deployment.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { momentOf } from './operate/moment.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { usualPace } from './operate/restore/copy.ts';
import { discardCopy } from './operate/restore/discard.ts';
import { type HeldValues, heldAgainst, heldOptions } from './operate/restore/held.ts';
import { makeCopy } from './operate/restore/keep.ts';
import { copyLabel } from './operate/restore/names.ts';
import { stepsToService, stepToDiscard } from './operate/restore/next-steps.ts';
import { copyOf } from './operate/restore/open.ts';
import { copiedTo, type Origin } from './operate/restore/origin.ts';
import { takeOver } from './operate/restore/take-over.ts';
import { trialText } from './operate/restore/text.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { nowOf } from './platform/host.ts';
import { interruptible } from './platform/interrupt.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

const labels = /^restored-\d{8}$/;

/** @throws UsageProblem */
const labelOf = (option: string, given: string): string => {
  if (labels.test(given)) return given;
  throw new UsageProblem(`--${option} is the label of a copy, such as restored-20261130, not ${given}.`);
};

interface Values extends HeldValues {
  readonly environment: string | undefined;
  readonly to: string | undefined;
  readonly snapshot: string | undefined;
  readonly backup: string | undefined;
  readonly 'copied-from': string | undefined;
  readonly 'take-over': string | undefined;
  readonly discard: string | undefined;
  readonly yes: boolean | undefined;
  readonly 'dry-run': boolean | undefined;
}

/** One region at a time: each has a store of its own, and steps that follow. */
const oneOf = ({ environment: name, deployments }: Operated): Operated['deployments'][number] => {
  const [only, ...others] = deployments;
  if (only === undefined || others.length > 0)
    throw new UsageProblem(`${name} has several regions: say which with --region.`);
  return only;
};

const takeOverCopy = async (host: Running, operated: Operated, of: ClientOf, label: string, values: Values) => {
  const deployment = oneOf(operated);
  await refuseWhileOpen([deployment], 'restore');
  const steps = stepsToService({ deployment, environment: operated.environment, file: operated.file, label });
  host.out(
    deployment.settings.store_mode === 'dynamodb'
      ? 'Terraform forgets the old tables. They stay, and cost money, until somebody deletes them.'
      : 'The old database is renamed and stays, the copy gets its name, and Terraform forgets the old one.',
  );
  if (values['dry-run'] === true) {
    host.report({ environment: operated.environment, outcome: 'planned', label });
    return exitCodes.attention;
  }
  await agree(host, values.yes, 'Nothing may write meanwhile. Type yes to let the copy take over: ');
  const workspace = await openWorkspace(host, { environment: operated.environment, region: deployment.region });
  const terraform = await openTerraform(host, workspace, { variables: await terraformVariables(workspace) });
  const props = { deployment, client: of, label, pace: usualPace, workspace, terraform };
  const forgotten = await takeOver(host, props);
  host.out(['Then:', ...steps.slice(2)].join('\n  '));
  host.report({ environment: operated.environment, outcome: 'changed', label, forgotten, next: steps.slice(2) });
  return exitCodes.done;
};

const discard = async (host: Running, operated: Operated, of: ClientOf, label: string, values: Values) => {
  const deployment = oneOf(operated);
  const copy = copyOf({ deployment, client: of, label, pace: usualPace });
  const names = await copy.present();
  if (names.length === 0) throw new OperatorProblem(`There is no copy ${label}.`);
  host.out(`To be deleted: ${names.join(', ')}`);
  if (values['dry-run'] === true) {
    host.report({ environment: operated.environment, outcome: 'planned', names });
    return exitCodes.attention;
  }
  await agree(host, values.yes, 'Type yes to delete this copy: ');
  await discardCopy(host, { deployment, client: of, names, pace: usualPace });
  host.report({ environment: operated.environment, outcome: 'changed', names });
  return exitCodes.done;
};

/**
 * What is restored, beside the store in service at a moment.
 * @throws UsageProblem, OperatorProblem where the other environment copies nothing here
 */
const originOf = async (
  host: Running,
  { settings, region: here }: Deployment,
  { snapshot, backup, 'copied-from': from }: Values,
  operated: Operated,
): Promise<Origin | undefined> => {
  const now = nowOf(host);
  if (snapshot !== undefined) return { kind: 'snapshot', id: snapshot };
  const until = momentOf('backup', backup, now);
  const [own] = operated.deployments;
  if (from === undefined) return until && own && { kind: 'recovery-points', of: own, until };
  const { deployments, settings: theirs } = await openOperated(host, { environment: from });
  if (theirs.store_mode !== settings.store_mode || theirs.account_id !== settings.account_id)
    throw new OperatorProblem(
      `${from} and ${operated.environment} must have the same store_mode and account_id: ${theirs.store_mode} in ${theirs.account_id}, ${settings.store_mode} in ${settings.account_id}.`,
    );
  // Copies of tables are those of AWS Backup; of a database there may be both.
  const inVault = until !== undefined || settings.store_mode === 'dynamodb';
  const of = copiedTo(here, from, deployments, inVault ? 'backup_region' : 'db_copy_region');
  return inVault ? { kind: 'recovery-points', of, until: until ?? now } : { kind: 'copied-backups', of };
};

const begin = async (host: Running, operated: Operated, of: ClientOf, values: Values) => {
  const deployment = oneOf(operated);
  const now = nowOf(host);
  const to = momentOf('to', values.to, now);
  const held = await heldAgainst(values);
  const label = copyLabel('restored', now);
  const origin = await originOf(host, deployment, values, operated);
  const copy = copyOf({ deployment, client: of, label, pace: usualPace, origin });
  host.out(`To be made in ${deployment.region}: ${copy.names.join(', ')}`);
  if (values['dry-run'] === true) {
    host.report({ environment: operated.environment, outcome: 'planned', names: copy.names });
    return exitCodes.attention;
  }
  await agree(host, values.yes, 'Type yes to restore this: ');
  const props = { deployment, client: of, to, ...held };
  const made = await interruptible(host, (signal) => makeCopy(host, copy, props, signal));
  const next = { deployment, environment: operated.environment, file: operated.file, label };
  const steps = stepsToService(next);
  host.out(`\n${trialText(made)}\n`);
  host.out(['To put it into service:', ...steps].join('\n  '));
  host.out(['To take it away again:', stepToDiscard(next)].join('\n  '));
  host.report({ environment: operated.environment, outcome: 'restored', label, ...made, next: steps });
  return made.faults.length === 0 ? exitCodes.done : exitCodes.attention;
};

export const restore = defineCommand({
  name: 'restore',
  summary: 'Restores a copy beside the store, as of a moment, verifies it, and lets it take over.',
  notes: [
    'Nothing is overwritten. A copy is called restored-<date>: tables <table_prefix>restored-<date>-<table>, a database',
    '<database>-restored-<date> in the same subnets, security group and parameter group. It is verified as by npm run backup:verify,',
    'and stays. The commands that put it into service are printed. A copy that could not be completed is deleted.',
    '--take-over makes Terraform forget the old store, which stays, and gives a copied database its name; the next plan imports the copy.',
  ].join('\n'),
  exits: {
    0: 'restored and whole, or done',
    1: 'refused or failed; a copy that was begun is deleted',
    2: 'restored, and something is wrong with it; with --dry-run: what would be done',
  },
  options: {
    environment,
    region,
    to: { type: 'string', value: 'TIME', description: 'Moment to restore, such as 2027-01-31T06:00Z.' },
    backup: {
      type: 'string',
      value: 'TIME',
      description: 'Restores the newest that AWS Backup kept before this time: further back than --to reaches.',
    },
    'copied-from': {
      type: 'string',
      value: 'ENVIRONMENT',
      description:
        'Restores here what that environment had copied to this region: db_copy_region, or with --backup and for tables backup_region. For a region that failed.',
    },
    ...heldOptions,
    'take-over': { type: 'string', value: 'LABEL', description: 'Puts this copy in the place of the store.' },
    discard: { type: 'string', value: 'LABEL', description: 'Deletes this copy.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would be done, and does nothing.' },
  },
  run: async (values, host) => {
    const { to, snapshot, backup, 'copied-from': from, 'take-over': taken, discard: discarded } = values;
    const given = [to, snapshot, backup, taken, discarded].filter((each) => each !== undefined);
    if (given.length > 1 || (given.length === 0 && from === undefined))
      throw new UsageProblem(
        'Say one of --to TIME, --snapshot ID, --backup TIME, --take-over LABEL and --discard LABEL, or --copied-from ENVIRONMENT.',
      );
    if (from !== undefined && [snapshot, taken, discarded].some((each) => each !== undefined))
      throw new UsageProblem('--copied-from goes with --to or --backup, or alone for the newest there is.');
    const label = taken === undefined ? discarded && labelOf('discard', discarded) : labelOf('take-over', taken);
    momentOf('to', to, nowOf(host));
    const operated = await openOperated(host, values);
    const { region: at } = oneOf(operated);
    await checkOperator(host, operated);
    const { of, close } = openClients(at, host.env.AWS_ENDPOINT_URL);
    return callingAws(operated, async () => {
      if (label === undefined) return begin(host, operated, of, values);
      return taken === undefined
        ? discard(host, operated, of, label, values)
        : takeOverCopy(host, operated, of, label, values);
    }).finally(close);
  },
});

await runAsProgram(import.meta.main, restore);
