/**
 * What runs, how it is reached, where its state is kept and how people sign in, each with each: the settings take the
 * pairs that work, and every resource belongs to what was chosen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { synthesize } from '../stacks/synthesize.ts';
import { archives, settingsOf } from '../testing/synthesized.ts';
import { lanes } from './lanes.ts';
import { openRig } from './rig.ts';
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

const typesOf = async (changes: Changes): Promise<string[]> => {
  const addresses = [...(await stacksOf('dev', changes)).values()].flatMap((stack) => stack.addresses);
  return [...new Set(addresses.map((address) => address.split('.')[0] ?? ''))];
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
      const outdir = await mkdtemp(join(tmpdir(), 'modes-'));
      const regions = await settingsOf('dev', changesOf(cell));
      const target = { kind: 'offline', stateFolder: outdir } as const;
      try {
        await synthesize({ label: 'dev', regions, target, outdir, archives });
      } finally {
        await rm(outdir, { recursive: true });
      }
      const types = await typesOf(changesOf(cell));
      const [settings] = regions;
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
const held = lanes(2);

await describeWith(['terraform'], 'terraform takes', () => {
  const running = new Map<string, Promise<string>>();
  const validate = (cell: Cell): Promise<string> =>
    held(async () => {
      const out = await mkdtemp(join(tmpdir(), 'modes-'));
      try {
        const changes = changesOf(cell);
        const rig = await openRig({ environment: 'dev', out, target: { kind: 'offline' }, changes });
        const [stack] = rig.stacks;
        if (stack === undefined) throw new Error('no stack');
        await rig.init(stack);
        return (await rig.run(stack, ['validate', '-no-color'])).stdout;
      } finally {
        await rm(out, { recursive: true, force: true });
      }
    });
  beforeAll(() => {
    for (const cell of shapes) {
      const validated = validate(cell);
      validated.catch(() => {});
      running.set(nameOf(cell), validated);
    }
  });
  afterAll(() => Promise.allSettled(running.values()), 600_000);

  it.each(shapes.map(nameOf))(
    '%s',
    async (name) => {
      expect(await running.get(name)).toContain('Success! The configuration is valid.');
    },
    600_000,
  );
});
