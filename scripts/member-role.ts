/** `npm run member-role -- --environment prod`: the role that the service assumes in a member account, as files to apply there. */
import { isAbsolute, join } from 'node:path';
import { type Written, writeRole } from './operate/member-role/files.ts';
import { linesOf, nextSteps, reportOf, withoutExternalId } from './operate/member-role/report.ts';
import { type MemberRole, memberRoles } from './operate/member-role/role.ts';
import { type Operated, openOperated } from './operate/operated.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { paintOf } from './platform/host.ts';
import { environment, json } from './platform/options.ts';

const headingOf = ({ environment: name, label }: Operated, role: MemberRole, write: boolean): readonly string[] => [
  `The role ${role.name} of a member account, which the service of ${label} assumes.`,
  `Written by: npm run member-role -- --environment ${name}${write ? ' --write' : ''}`,
];

/** With a dry run, what a run would change is something to do; so is an account that cannot tell who asks. */
const needsAttention = (role: MemberRole, written: Written, dryRun: boolean): boolean =>
  role.externalId === undefined || (dryRun && written.state !== 'same');

export const memberRole = defineCommand({
  name: 'member-role',
  summary:
    'Writes the role that the service assumes in a member account, as Terraform and as a CloudFormation template.',
  notes: [
    'The role allows exactly the actions of what the settings enable, trusts the roles of the environment’s service and demands its',
    'external id. It reads; with --write it changes tags too. After a change of the settings, run it again: it says what changed.',
    'Needs no credentials.',
  ].join('\n'),
  exits: {
    0: 'written, or already as it should be',
    2: 'written, but without an external id; with --dry-run also: something would change',
  },
  options: {
    environment,
    write: { type: 'boolean', description: 'The role may change tags too. Default: it only reads.' },
    output: {
      type: 'string',
      value: 'FOLDER',
      description: 'Folder to write to. Default: cdktf.out/member-role/<environment>.',
    },
    'dry-run': { type: 'boolean', description: 'Says what would change, and writes nothing.' },
    json,
  },
  run: async (values, host) => {
    const { write = false, 'dry-run': dryRun = false } = values;
    const operated = await openOperated(host, values);
    const roles = memberRoles(operated, write);
    const wanted = values.output ?? join('cdktf.out', 'member-role', operated.label);
    const folder = isAbsolute(wanted) ? wanted : join(host.root, wanted);
    const paint = paintOf(host);
    const reports: ReturnType<typeof reportOf>[] = [];
    let attention = false;
    for (const role of roles) {
      const written = await writeRole(role, { folder, heading: headingOf(operated, role, write), dryRun });
      for (const line of linesOf(role, written, dryRun)) host.out(line);
      if (role.externalId === undefined) host.err(`\n${paint('warning', withoutExternalId(role))}`);
      if (!dryRun && written.state !== 'same') for (const line of nextSteps(written, role.name)) host.err(line);
      reports.push(reportOf(role, written));
      attention ||= needsAttention(role, written, dryRun);
    }
    host.report({ environment: operated.label, roles: reports });
    return attention ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, memberRole);
