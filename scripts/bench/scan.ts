/**
 * How fast and how large a scan is: fills a moto server with instances and functions, scans them through the AWS estate
 * as check_tag_compliance does, and prints resources a second and the peak memory of this process.
 *
 *   npm run bench:scan            10,000 resources
 *   npm run bench:scan -- 2000
 */
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { pino } from 'pino';
import { openAwsEstate } from '../../service/src/packs/tagging/aws/index.ts';
import type { Costs } from '../../service/src/packs/tagging/cost/costs.ts';
import { defaultPolicy, fixedPolicy } from '../../service/src/packs/tagging/policy/policy.ts';
import { resolveExtent } from '../../service/src/packs/tagging/scan/extent.ts';
import { createScanner } from '../../service/src/packs/tagging/scan/scan.ts';
import type { Metrics } from '../../service/src/ports/metrics.ts';
import { startMoto } from '../../service/test/servers/moto.ts';

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'] as const;
/** Instances of one RunInstances. */
const BATCH = 500;
const wanted = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(wanted) || wanted < 1) throw new Error('usage: npm run bench:scan -- [number of resources]');

const quiet: Metrics = { count: () => {}, observe: () => {}, set: () => {} };
const noCosts: Costs = {
  price: () => ({ requests: 0, charges: [] }),
  spend: async ({ period }) => ({ period, lines: [], byResource: new Map(), byName: [], failures: [] }),
};

const fill = async (endpoint: string): Promise<void> => {
  let left = wanted;
  for (const [at, region] of REGIONS.entries()) {
    const client = new EC2Client({ endpoint, region });
    let here = at === REGIONS.length - 1 ? left : Math.ceil(wanted / REGIONS.length);
    left -= here;
    for (; here > 0; here -= BATCH) {
      const count = Math.min(BATCH, here);
      const Tags = [
        { Key: 'Owner', Value: 'bench@example.com' },
        { Key: 'Environment', Value: 'production' },
        { Key: 'Name', Value: `web-${here}` },
      ];
      const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
      await client.send(
        new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: count, MaxCount: count, TagSpecifications }),
      );
    }
  }
};

/** Highest resident memory while work runs, in MiB, sampled often enough for pages that take tens of milliseconds. */
const peakOf = async <T>(work: () => Promise<T>): Promise<{ value: T; peak: number }> => {
  let peak = process.memoryUsage().rss;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const value = await work();
  clearInterval(timer);
  return { value, peak: peak / 2 ** 20 };
};

process.env.AWS_ACCESS_KEY_ID = 'testing';
process.env.AWS_SECRET_ACCESS_KEY = 'testing';
const moto = await startMoto();
try {
  console.log(`Filling moto with ${wanted} resources…`);
  await fill(moto.url);
  const settings = { publicUrl: '', allowSelfConfirm: false, crossAccountRoleName: 'x', approvers: [] };
  const config = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: moto.url,
    ESTATE_ACCOUNTS: [],
    ESTATE_REGIONS: REGIONS,
    CROSS_ACCOUNT_ROLE_NAME: 'x',
  };
  const now = () => new Date();
  // moto answers slowly; its time is not what is measured against.
  const timeouts = { callMs: 120_000, regionMs: 600_000 };
  const { estate } = openAwsEstate({ config, metrics: quiet, now, timeouts });
  const scanner = createScanner({ estate, costs: noCosts, policy: fixedPolicy(defaultPolicy()), metrics: quiet, now });
  const context = {
    caller: {
      personId: '',
      name: '',
      email: '',
      roles: [],
      clientId: '',
      grantId: '',
      scopes: new Set<never>(),
      authenticatedAt: 0,
      expiresAt: 0,
    },
    origin: { kind: 'upkeep', correlationId: 'bench' } as const,
    signal: new AbortController().signal,
    progress: async () => {},
    log: pino({ level: 'silent' }),
    now,
    assume: () => {},
  };
  const extent = await resolveExtent({}, estate, settings);
  const before = process.memoryUsage().rss / 2 ** 20;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const { value, peak } = await peakOf(() => scanner.scan(extent, { costs: true, fresh: true }, context));
  const seconds = (performance.now() - started) / 1000;
  const { scan } = value;
  const cpu = process.cpuUsage(cpuBefore);
  console.log(
    JSON.stringify(
      {
        resources: scan.folded.seen,
        quality: scan.quality,
        seconds: Math.round(seconds * 10) / 10,
        resourcesPerSecond: Math.round(scan.folded.seen / seconds),
        cpuSeconds: Math.round((cpu.user + cpu.system) / 1e5) / 10,
        residentBeforeMiB: Math.round(before),
        peakResidentMiB: Math.round(peak),
      },
      null,
      2,
    ),
  );
} finally {
  await moto.stop();
}
