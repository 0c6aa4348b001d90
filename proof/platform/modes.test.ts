/**
 * What runs, how it is reached, where its state is kept and how people sign in, each with each: the settings take the
 * pairs that work, and every resource belongs to what was chosen.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { synthesize } from '../../modules/stacks/synthesize.ts';
import { archives, settingsOf } from '../../modules/testing/synthesized.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { openRig, openRigProviders } from './rig.ts';
import { stacksOf } from './synth.ts';

type Changes = Readonly<Record<string, unknown>>;

const computes = {
  fargate: { compute_mode: 'fargate' },
  ec2: { compute_mode: 'ec2', ami_id: 'ami-12c6146b', instance_type: 't3.small' },
  lambda: { compute_mode: 'lambda', container_image: undefined },
} as const;
const ingresses = {
  alb: { ingress_mode: 'alb' },
  'api-gateway': { ingress_mode: 'api-gateway' },
  edge: { ingress_mode: 'edge', cloudfront_prefix_list_id: 'pl-3b927c52' },
} as const;
const stores = {
  dynamodb: { store_mode: 'dynamodb' },
  postgres: { store_mode: 'postgres' },
  none: { store_mode: 'none', container: 'custom' },
} as const;
const auths = {
  cognito: { auth: 'cognito' },
  sso: { auth: 'sso', sso_issuer: 'https://login.example.com', sso_client_id: 'client' },
  issuer: { auth: 'issuer', auth_issuer: 'https://issuer.example.com', container: 'custom' },
  none: { auth: 'none', container: 'custom' },
} as const;

type Key<T> = Extract<keyof T, string>;
interface Cell {
  readonly compute: Key<typeof computes>;
  readonly ingress: Key<typeof ingresses>;
  readonly store: Key<typeof stores>;
  readonly auth: Key<typeof auths>;
}

const keysOf = <T extends object>(options: T): Key<T>[] => Object.keys(options) as Key<T>[];
const cells: readonly Cell[] = keysOf(computes).flatMap((compute) =>
  keysOf(ingresses).flatMap((ingress) =>
    keysOf(stores).flatMap((store) => keysOf(auths).map((auth) => ({ compute, ingress, store, auth }))),
  ),
);
const nameOf = ({ compute, ingress, store, auth }: Cell): string => [compute, ingress, store, auth].join(' + ');

/** On the smallest environment, without what only Fargate has. */
const changesOf = ({ compute, ingress, store, auth }: Cell): Changes => ({
  spot_share: 0,
  execute_command: false,
  ...computes[compute],
  ...ingresses[ingress],
  ...stores[store],
  ...auths[auth],
});

/** Instances are reached by a load balancer, functions by none, and a function is Countersign's own. */
const works = ({ compute, ingress, store, auth }: Cell): boolean => {
  const custom = store === 'none' || auth === 'issuer' || auth === 'none';
  if (compute === 'ec2') return ingress === 'alb';
  if (compute === 'lambda') return ingress !== 'alb' && !custom;
  return true;
};
const working = cells.filter(works);

/** Types of resources, and what they belong to. */
const belongings: readonly (readonly [types: RegExp, when: (cell: Cell, settings: Settings) => boolean])[] = [
  [/^aws_ecs_/, ({ compute }) => compute === 'fargate'],
  [/^aws_(autoscaling_|launch_template|iam_instance_profile)/, ({ compute }) => compute === 'ec2'],
  [/^aws_(lb$|lb_|vpc$|subnet$|internet_gateway$)/, ({ compute }) => compute !== 'lambda'],
  [/^aws_cloudfront_distribution$/, ({ ingress }) => ingress === 'edge'],
  [/^aws_apigatewayv2_(api|route|stage|integration|domain_name)$/, ({ ingress }) => ingress !== 'alb'],
  [/^aws_apigatewayv2_vpc_link$/, ({ ingress, compute }) => ingress !== 'alb' && compute !== 'lambda'],
  [/^aws_apigatewayv2_authorizer$/, ({ ingress, auth }) => ingress !== 'alb' && auth !== 'none'],
  [/^aws_lambda_/, ({ compute, ingress, auth }) => compute === 'lambda' || (ingress !== 'alb' && auth !== 'none')],
  [/^aws_dynamodb_table$/, ({ store }) => store === 'dynamodb'],
  [/^aws_db_/, ({ store }) => store === 'postgres'],
  [/^aws_cognito_/, ({ auth }) => auth === 'cognito'],
];
/** Of a function in a VPC: only PostgreSQL asks for one. */
const inVpc = /^aws_(vpc$|subnet$|internet_gateway$|nat_gateway$|eip$)/;

const Stack = z.looseObject({
  resource: z.record(z.string(), z.unknown()).default({}),
  variable: z.record(z.string(), z.unknown()).optional(),
  terraform: z.looseObject({ required_providers: z.unknown() }),
});

/** The only stack of the smallest environment with such changes, as it is written. @throws when it breaks a policy */
const written = async (changes: Changes): Promise<z.infer<typeof Stack>> => {
  const outdir = await mkdtemp(join(tmpdir(), 'modes-'));
  try {
    const target = { kind: 'offline', stateFolder: outdir } as const;
    const regions = await settingsOf('dev', changes);
    const [name = ''] = await synthesize({ label: 'dev', regions, target, outdir, archives });
    return Stack.parse(JSON.parse(await readFile(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')));
  } finally {
    await rm(outdir, { recursive: true });
  }
};

describe('modes', () => {
  it.each(cells.map((cell) => [nameOf(cell), works(cell) ? 'taken' : 'refused', cell] as const))(
    '%s: %s',
    async (_, expected, cell) => {
      const parsed = await settingsOf('dev', changesOf(cell)).then(
        () => 'taken',
        () => 'refused',
      );
      expect(parsed).toBe(expected);
    },
  );

  it.each(working.map((cell) => [nameOf(cell), cell] as const))(
    '%s breaks no policy, and has what belongs to it alone',
    async (_, cell) => {
      const types = Object.keys((await written(changesOf(cell))).resource);
      const [settings] = await settingsOf('dev', changesOf(cell));
      if (settings === undefined) throw new Error('no region');
      for (const [belonging, when] of belongings) {
        const found = types.filter((type) => belonging.test(type) && !(cell.compute === 'lambda' && inVpc.test(type)));
        expect([belonging, found.length > 0]).toEqual([belonging, when(cell, settings)]);
      }
      if (cell.compute === 'lambda') expect(types.some((type) => inVpc.test(type))).toBe(cell.store === 'postgres');
    },
  );
});

describe('what is off leaves nothing', () => {
  it.each<[what: string, types: RegExp, on: Changes, off: Changes]>([
    ['NAT', /^aws_(nat_gateway|eip)$/, {}, { nat_mode: 'none' }],
    ['the web ACL', /^aws_wafv2_/, { waf: 'basic', ingress_mode: 'alb', alb_internal: false }, { ingress_mode: 'alb' }],
    ['the cache', /^aws_elasticache_/, { cache_enabled: true }, {}],
    ['autoscaling', /^aws_appautoscaling_/, { autoscale: true, min_count: 1, max_count: 4 }, {}],
    ['traces', /^aws_xray_/, { xray: true }, {}],
    ['threat detection', /^aws_guardduty_/, { guardduty: true }, { guardduty: false }],
    ['the trail', /^aws_cloudtrail$/, { cloudtrail: true }, {}],
    ['backups', /^aws_backup_/, { backups: true }, { backups: false }],
    ['mail', /^aws_ses/, { mail_domain: 'example.com' }, {}],
    ['discovery', /^aws_service_discovery_/, { service_discovery: true }, {}],
    ['queues', /^aws_sqs_/, { queues: ['scans'] }, {}],
    ['the budget', /^aws_budgets_/, {}, { budget_usd: undefined }],
    ['interface endpoints', /^aws_vpc_security_group.*endpoints/, { vpc_endpoints: ['secretsmanager'] }, {}],
  ])('%s', async (_, types, on, off) => {
    const having = async (changes: Changes): Promise<boolean> => {
      const stacks = [...(await stacksOf('dev', changes)).values()];
      return stacks.some(({ addresses }) =>
        addresses.some((address) => types.test(address.replace(/\..*/, '')) || types.test(address)),
      );
    };
    expect([await having(on), await having(off)]).toEqual([true, false]);
  });
});

// Who signs in changes little; the other three make the stacks.
const shapes = working.filter(({ auth, store }) => auth === (store === 'none' ? 'none' : 'sso'));

const Validation = z.object({
  diagnostics: z.array(z.object({ summary: z.string(), range: z.object({ filename: z.string() }).optional() })),
});

/**
 * What terraform says of the shapes, by folder. Each is a module of one configuration, because loading the provider's
 * schema takes longer than validating all of them. The provider's own block is that of the configuration around them.
 */
const validateAll = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const out = await mkdtemp(join(tmpdir(), 'modes-'));
  const providers = await openRigProviders();
  try {
    const rig = await openRig({ environment: 'dev', providers, out, target: { kind: 'offline' } });
    const [around] = rig.stacks;
    if (around === undefined) throw new Error('dev has no stack');
    const modules: Record<string, Record<string, string>> = {};
    const variables = {};
    for (const [index, cell] of shapes.entries()) {
      const { provider: _, terraform, ...rest } = await written(changesOf(cell));
      const source = join('shapes', String(index));
      await mkdir(join(around.folder, source), { recursive: true });
      const module = { ...rest, terraform: { required_providers: terraform.required_providers } };
      await writeFile(join(around.folder, source, 'main.tf.json'), JSON.stringify(module));
      const { variable = {} } = rest;
      const given = Object.keys(variable).map((name) => [name, `\${var.${name}}`]);
      modules[`shape-${index}`] = { source: `./${source}`, ...Object.fromEntries(given) };
      Object.assign(variables, variable);
    }
    const all = { module: modules, ...(Object.keys(variables).length > 0 && { variable: variables }) };
    await writeFile(join(around.folder, 'shapes.tf.json'), JSON.stringify(all));
    await rig.init(around);
    const { stdout } = await rig.run(around, ['validate', '-json'], [0, 1]);
    const { diagnostics } = Validation.parse(JSON.parse(stdout));
    return new Map(
      [...Map.groupBy(diagnostics, ({ range }) => dirname(range?.filename ?? ''))].map(([folder, found]) => [
        folder,
        found.map(({ summary }) => summary),
      ]),
    );
  } finally {
    await providers.stop();
    await rm(out, { recursive: true, force: true });
  }
};

await describeWith(['terraform'], 'terraform takes', () => {
  let problems: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    problems = await validateAll();
  }, 600_000);

  it.each(shapes.map((cell, index) => [nameOf(cell), index] as const))('%s', (_, index) => {
    expect(problems.get(join('shapes', String(index))) ?? []).toEqual([]);
  });

  it('what stands around them', () => {
    expect(problems.get('.') ?? []).toEqual([]);
  });
});
