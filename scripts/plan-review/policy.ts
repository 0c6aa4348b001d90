/**
 * `node scripts/plan-review/policy.ts cdktf.out/plans/*.plan.json`: what no plan may do. Synthesis has checked what the
 * code says; these see what it has become, and what it would do to what is there.
 */

import { z } from 'zod';
import { storesAreEncrypted } from '../../modules/policy/encryption.ts';
import { databasesArePrivate, ingressIsNarrow } from '../../modules/policy/exposure.ts';
import { wildcardsHaveReasons } from '../../modules/policy/permissions.ts';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { paintOf } from '../platform/host.ts';
import { json } from '../platform/options.ts';
import { UsageProblem } from '../platform/problem.ts';
import { privateAddresses } from './checks/addresses.ts';
import { type Check, fromPolicy } from './checks/check.ts';
import { protectedDestroy } from './checks/protected.ts';
import { refusedChanges } from './checks/refused-changes.ts';
import { rollActive } from './checks/roll-active.ts';
import { statefulDestroy } from './checks/stateful.ts';
import { stillUsed } from './checks/still-used.ts';
import { mandatoryTags } from './checks/tags.ts';
import { takenNames } from './checks/taken-names.ts';
import { possibleUpgrades } from './checks/upgrades.ts';
import { type PlanJson, readPlan } from './plan-json.ts';

export const checks: readonly Check[] = [
  fromPolicy('wildcards', 'No * in a permission without a written reason.', wildcardsHaveReasons),
  fromPolicy('encryption', 'Stores are encrypted.', storesAreEncrypted),
  fromPolicy(
    'public-access',
    'No database is public, and nothing but a public load balancer is open to everyone.',
    databasesArePrivate,
    ingressIsNarrow,
  ),
  mandatoryTags,
  privateAddresses,
  statefulDestroy,
  protectedDestroy,
  rollActive,
  stillUsed,
  takenNames,
  refusedChanges,
  possibleUpgrades,
];

export const Finding = z.object({ check: z.string(), address: z.string(), problem: z.string() });
export type Finding = z.infer<typeof Finding>;

export const findingsOf = (plan: PlanJson): Finding[] =>
  checks.flatMap(({ name, breaches }) =>
    breaches(plan).map(({ address, problem }) => ({ check: name, address, problem })),
  );

export const policy = defineCommand({
  name: 'scripts/plan-review/policy.ts',
  summary: 'Checks plans (terraform show -json) against what no plan may do.',
  notes: ['Checks:', ...checks.map(({ name, asks }) => `  ${name.padEnd(22)}${asks}`)].join('\n'),
  exits: { 0: 'no plan breaks a policy', 1: 'one does, or they could not be read' },
  operands: 'PLAN.json...',
  options: {
    allow: {
      type: 'string',
      multiple: true,
      value: 'CHECK',
      choices: checks.map(({ name }) => name),
      description: 'Reports this check, but lets it pass.',
    },
    json,
  },
  run: async ({ allow = [] }, host, files) => {
    if (files.length === 0) throw new UsageProblem('Name the plans to check: cdktf.out/plans/*.plan.json');
    const findings = await Promise.all(files.map(async (file) => findingsOf(await readPlan(file))));
    const told = findings.flat().map((finding) => ({ ...finding, allowed: allow.includes(finding.check) }));
    const paint = paintOf(host);
    for (const { check, address, problem, allowed } of told)
      host.out(`${allowed ? 'allowed' : paint('bad', 'REFUSED')} ${address} ${problem} (${check})`);
    const refused = told.filter(({ allowed }) => !allowed).length;
    host.report(told);
    host.err(refused === 0 ? 'No plan breaks a policy.' : `${refused} found.`);
    return refused === 0 ? 0 : 1;
  },
});

await runAsProgram(import.meta.main, policy);
