/** `npm run doctor -- --environment staging`: how an environment is, from the outside in. */

import { EnvironmentError, environmentNames, isExample } from '../modules/tfvars/read.ts';
import { checks } from './operate/health/checks/all.ts';
import { examine, exitCodeOf, type Finding } from './operate/health/examine.ts';
import { formatFor } from './operate/health/file.ts';
import { openNetwork } from './operate/health/network.ts';
import { reportOf } from './operate/health/report.ts';
import { checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { during, nowOf, paintOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';
import { openReport } from './platform/report-file.ts';

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

interface Looking {
  readonly checks: typeof checks;
  readonly timeoutMs: number;
  readonly region: string | undefined;
}

const lookAt = async (
  host: Running,
  name: string | undefined,
  { checks: wanted, timeoutMs, region: only }: Looking,
): Promise<readonly Finding[]> => {
  const operated = await openOperated(host, { environment: name, region: only });
  const withoutAws = await refusal(host, operated);
  const findings = await during(host, `Looking at ${operated.environment}`, () =>
    examine(operated, {
      checks: wanted,
      network: host.network ?? openNetwork({ timeoutMs }),
      now: nowOf(host),
      timeoutMs,
      withoutAws,
      standIn: host.env.AWS_ENDPOINT_URL,
    }),
  );
  host.out(`\n${reportOf(operated.environment, findings, paintOf(host))}`);
  return findings;
};

/** One whose settings are wrong hides no other. */
const lookAtOneOf = async (host: Running, name: string, looking: Looking): Promise<readonly Finding[]> => {
  try {
    return await lookAt(host, name, looking);
  } catch (error) {
    if (!(error instanceof EnvironmentError || error instanceof OperatorProblem)) throw error;
    const [says = ''] = error.message.split('\n');
    const finding: Finding = {
      environment: name,
      region: '',
      check: 'settings',
      subject: '',
      verdict: 'broken',
      says: `it could not be looked at: ${says}`,
    };
    host.out(`\n${reportOf(name, [finding], paintOf(host))}`);
    return [finding];
  }
};

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
    all: { type: 'boolean', description: 'All environments except the examples.' },
    check: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      choices: checks.map(({ name }) => name),
      description: 'Only this check; may be repeated.',
    },
    timeout: { type: 'string', value: 'SECONDS', description: 'Longest time one check may take. Default: 15.' },
    report: {
      type: 'string',
      value: 'FILE',
      description: 'Also writes what was found to this file: Markdown (.md) or JSON (.json).',
    },
    json,
  },
  run: async (values, host) => {
    if (values.all === true && values.environment !== undefined)
      throw new UsageProblem('--all is every environment: leave --environment out.');
    const { report: file } = values;
    const format = file === undefined ? undefined : formatFor(file);
    const write = file === undefined ? undefined : await openReport('report', file);
    const timeoutMs = secondsOf(values.timeout) * 1000;
    const looking = { checks: pickChecks(values.check), timeoutMs, region: values.region };
    const at = nowOf(host);
    const found: Finding[] = [];
    if (values.all === true)
      for (const name of (await environmentNames(host.root)).filter((each) => !isExample(each)))
        found.push(...(await lookAtOneOf(host, name, looking)));
    else found.push(...(await lookAt(host, values.environment, looking)));
    if (write !== undefined && format !== undefined) {
      await write(format({ at, findings: found }));
      host.err(`Written to ${file}`);
    }
    host.report(found);
    return exitCodeOf(found);
  },
});

await runAsProgram(import.meta.main, doctor);
