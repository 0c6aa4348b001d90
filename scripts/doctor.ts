/** `npm run doctor -- --environment staging`: how an environment is, from the outside in. */

import { environmentNames, isExample } from '../modules/tfvars/read.ts';
import { checks } from './operate/health/checks/all.ts';
import { examine, exitCodeOf, type Finding } from './operate/health/examine.ts';
import { openNetwork } from './operate/health/network.ts';
import { reportOf } from './operate/health/report.ts';
import { checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { during, paintOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

/** Why AWS cannot be asked, or undefined. What is public is looked at all the same. */
const refusal = async (host: Host, operated: Operated): Promise<string | undefined> => {
  try {
    await checkOperator(host, operated);
    return undefined;
  } catch (error) {
    if (error instanceof OperatorProblem) return error.message;
    throw error;
  }
};

const secondsOf = (given: string | undefined): number => {
  const seconds = Number(given ?? 15);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 600)
    throw new UsageProblem(`--timeout is a number of seconds up to 600, not ${given}.`);
  return seconds;
};

const pickChecks = (only: readonly string[] | undefined): typeof checks =>
  checks.filter(({ name }) => only?.includes(name) ?? true);

export const doctor = defineCommand({
  name: 'doctor',
  summary:
    'Looks at the health of an environment: names, TLS, answers, targets, tasks, alarms, stores, secrets, backups.',
  notes: [
    'Changes nothing and reads no secret. What the credentials may not look at is unknown, with the action to ask for.',
    `Checks: ${checks.map(({ name }) => name).join(', ')}.`,
  ].join('\n'),
  exits: {
    0: 'all is well',
    1: 'something is broken, or it could not be looked at',
    2: 'something needs attention or is unknown',
  },
  options: {
    environment,
    region,
    all: { type: 'boolean', description: 'Every environment but the examples.' },
    check: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      choices: checks.map(({ name }) => name),
      description: 'Only this check; may be repeated.',
    },
    timeout: { type: 'string', value: 'SECONDS', description: 'Longest time one check may take. Default: 15.' },
    json,
  },
  run: async (values, host) => {
    if (values.all === true && values.environment !== undefined)
      throw new UsageProblem('--all is every environment: leave --environment out.');
    const timeoutMs = secondsOf(values.timeout) * 1000;
    const wanted = pickChecks(values.check);
    const names =
      values.all === true
        ? (await environmentNames(host.root)).filter((name) => !isExample(name))
        : [values.environment];
    const found: Finding[] = [];
    for (const name of names) {
      const operated = await openOperated(host, { environment: name, region: values.region });
      const withoutAws = await refusal(host, operated);
      const findings = await during(host, `Looking at ${operated.environment}`, () =>
        examine(operated, {
          checks: wanted,
          network: host.network ?? openNetwork({ timeoutMs }),
          now: new Date(),
          timeoutMs,
          withoutAws,
          standIn: host.env.AWS_ENDPOINT_URL,
        }),
      );
      found.push(...findings);
      host.out(`\n${reportOf(operated.environment, findings, paintOf(host))}`);
    }
    host.report(found);
    return exitCodeOf(found);
  },
});

await runAsProgram(import.meta.main, doctor);
