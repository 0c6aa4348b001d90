/** `npm run security:review -- --environment prod`: roles, secrets, logs and open ports, once a month. */
import { examine, exitCodeOf } from './operate/health/examine.ts';
import { formatFor } from './operate/health/file.ts';
import { openNetwork } from './operate/health/network.ts';
import { reportOf } from './operate/health/report.ts';
import { checkOperator, openOperated } from './operate/operated.ts';
import { reviewed } from './operate/security/all.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { during, nowOf, paintOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { openReport } from './platform/report-file.ts';

/** An account of many roles takes pages of answers. */
const TIMEOUT_MS = 120_000;

export const securityReview = defineCommand({
  name: 'security:review',
  summary:
    'Reviews an environment and its account: unused roles and services, wildcards, access from outside, open ports, old secrets, missing logs, CloudTrail.',
  notes: [
    'For a monthly review. It changes nothing and reads no secret. It looks at all roles and security groups of the account, those of',
    'other systems too. A role is unused after 90 days, a secret is old after secret_rotation_days, or 90. What the credentials may',
    'not look at is unknown, with the action to ask for.',
  ].join('\n'),
  exits: {
    0: 'nothing to do',
    1: 'something is open, or switched off, that must not be; or it could not be checked',
    2: 'something needs attention or is unknown',
  },
  options: {
    environment,
    region,
    check: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      choices: reviewed.map(({ name }) => name),
      description: 'Only this check; may be repeated.',
    },
    report: {
      type: 'string',
      value: 'FILE',
      description: 'Also writes what was found to this file: Markdown (.md) or JSON (.json).',
    },
    json,
  },
  run: async (values, host) => {
    const { report: file, check } = values;
    const format = file === undefined ? undefined : formatFor(file, 'Security');
    const write = file === undefined ? undefined : await openReport('report', file);
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const at = nowOf(host);
    const findings = await during(host, `Reviewing ${operated.environment}`, () =>
      examine(operated, {
        checks: reviewed.filter(({ name }) => check?.includes(name) ?? true),
        network: host.network ?? openNetwork({ timeoutMs: TIMEOUT_MS }),
        now: at,
        timeoutMs: TIMEOUT_MS,
        standIn: host.env.AWS_ENDPOINT_URL,
      }),
    );
    host.out(`\n${reportOf(operated.environment, findings, paintOf(host))}`);
    if (write !== undefined && format !== undefined) {
      await write(format({ at, findings }));
      host.err(`Written to ${file}`);
    }
    host.report(findings);
    return exitCodeOf(findings);
  },
});

await runAsProgram(import.meta.main, securityReview);
