/** `npm run bootstrap -- --environment staging`: what must be there before the first plan. */
import { S3Client } from '@aws-sdk/client-s3';
import { accessWorkspace, workflowVariables } from './operate/bootstrap/access.ts';
import { bucketOf } from './operate/bootstrap/bucket-of.ts';
import { type Finding, prepareBucket } from './operate/bootstrap/state-bucket.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import type { Review } from './plan-review/review.ts';
import { reviewText } from './plan-review/text.ts';
import { applyPlans, toApply } from './platform/apply.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { confirm } from './platform/confirm.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, paintOf } from './platform/host.ts';
import { environment, json, out, verbose } from './platform/options.ts';
import { planStacks, reviewsOf } from './platform/plans.ts';
import { openTerraform } from './platform/terraform.ts';

const words: Readonly<Record<Finding['state'], string>> = {
  right: 'right',
  created: 'created',
  corrected: 'corrected',
  wrong: 'to correct',
};

const prepare = async (host: Host, operated: Operated, dryRun: boolean): Promise<readonly Finding[]> => {
  const bucket = bucketOf(operated);
  const client = new S3Client({
    region: bucket.region,
    // A stand-in for AWS has no host a bucket.
    forcePathStyle: host.env.AWS_ENDPOINT_URL !== undefined,
  });
  try {
    const findings = await during(host, `Looking at the bucket ${bucket.name}`, () =>
      callingAws(operated, () => prepareBucket(client, bucket, dryRun)),
    );
    host.out(`Bucket ${bucket.name} in ${bucket.region}`);
    for (const { what, state } of findings) host.out(`  ${words[state].padEnd(12)}  ${what}`);
    if (host.env.AWS_ENDPOINT_URL?.startsWith('http:') === true)
      host.err(
        `Its policy refuses requests without TLS, and AWS_ENDPOINT_URL is ${host.env.AWS_ENDPOINT_URL}: an emulator that enforces policies refuses terraform this bucket. The one of npm run emulate -- --serve does not.`,
      );
    return findings;
  } finally {
    client.destroy();
  }
};

interface Wanted {
  readonly yes: boolean | undefined;
  readonly dryRun: boolean;
  readonly out: string | undefined;
  readonly verbose: boolean | undefined;
}

/** What became of the roles for workflows. none: the settings ask for none. unknown: without a bucket they have no state. */
interface Access {
  readonly roles: 'none' | 'unknown' | 'right' | 'planned' | 'applied';
  readonly stacks: readonly Review[];
}

const applyAccess = async (host: Host, operated: Operated, wanted: Wanted): Promise<Access> => {
  const workspace = await accessWorkspace(host, operated, wanted.out);
  if (workspace === undefined) {
    host.out('No github_repository: no roles for workflows');
    return { roles: 'none', stacks: [] };
  }
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose });
  const planned = await planStacks(host, workspace, terraform);
  const reviews = reviewsOf(planned);
  const changing = toApply(planned);
  if (changing.length > 0) for (const review of reviews) host.out(`\n${reviewText(review, paintOf(host))}`);
  else host.out(`  ${words.right.padEnd(12)}  roles for workflows`);
  if (wanted.dryRun) return { roles: changing.length > 0 ? 'planned' : 'right', stacks: reviews };
  if (changing.length > 0) {
    await confirm(host, workspace.environment, reviews, { yes: wanted.yes, allowStatefulDestroy: false });
    await applyPlans(host, terraform, workspace.out, changing);
  }
  host.out(`Roles for workflows of ${operated.settings.github_repository}`);
  for (const line of workflowVariables(operated)) host.out(`  ${line}`);
  return { roles: changing.length > 0 ? 'applied' : 'right', stacks: reviews };
};

/** Answers the exit code. */
const tell = ({ report }: Running, operated: Operated, findings: readonly Finding[], access: Access): number => {
  const { name, region } = bucketOf(operated);
  report({ environment: operated.environment, bucket: { name, region, findings }, access });
  const isRight = access.roles !== 'planned' && findings.every(({ state }) => state !== 'wrong');
  return isRight ? exitCodes.done : exitCodes.attention;
};

export const bootstrap = defineCommand({
  name: 'bootstrap',
  summary:
    'Makes the bucket of the Terraform states, or corrects what is not right of it; with github_repository also the roles of its workflows.',
  notes: [
    'It can be repeated. The bucket is of account_id or is not used. Its region is state_region, its name state_bucket.',
    'The roles are a stack of their own, <environment>-access, which no other command applies and the roles cannot change.',
  ].join('\n'),
  exits: { 0: 'all is right', 2: 'with --dry-run: something would be changed' },
  options: {
    environment,
    out: { ...out, description: 'Folder to synthesize the roles to. Default: cdktf.out/access.' },
    json,
    verbose,
    yes: { type: 'boolean', description: 'Applies the roles without a question.' },
    'dry-run': { type: 'boolean', description: 'Says what would be done, and changes nothing.' },
  },
  run: async (values, host) => {
    const operated = await openOperated(host, { environment: values.environment });
    await checkOperator(host, operated);
    const dryRun = values['dry-run'] === true;
    const findings = await prepare(host, operated, dryRun);
    if (dryRun && findings.some(({ what, state }) => what === 'exists' && state === 'wrong')) {
      if (operated.settings.github_repository !== undefined)
        host.out('The roles for workflows can be planned once the bucket is there');
      return tell(host, operated, findings, { roles: 'unknown', stacks: [] });
    }
    const access = await applyAccess(host, operated, {
      yes: values.yes,
      dryRun,
      out: values.out,
      verbose: values.verbose,
    });
    return tell(host, operated, findings, access);
  },
});

await runAsProgram(import.meta.main, bootstrap);
