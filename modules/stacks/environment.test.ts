import { TerraformStack, Testing } from 'cdktf';
import { archives, readSynthesized, settingsOf } from '../testing/synthesized.ts';
import type { DeploymentTarget } from './deployment.ts';
import { layers } from './environment.ts';
import { buildApp } from './synthesize.ts';

const stacksOf = async (
  name: string,
  changes: Record<string, unknown> = {},
  target: DeploymentTarget = { kind: 'aws' },
) => {
  const app = buildApp({ label: name, regions: await settingsOf(name, changes), target, outdir: 'unused', archives });
  const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
  return new Map(stacks.map((stack) => [stack.node.id, Testing.synth(stack)]));
};

interface Frame {
  readonly terraform: { readonly backend: Record<string, Record<string, unknown>> };
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly output?: Record<string, { readonly value: unknown }>;
  readonly data?: Record<string, Record<string, { readonly config: Record<string, unknown> }>>;
}
const frame = (json: string | undefined): Frame => JSON.parse(json ?? '{}') as Frame;

describe('one state', () => {
  it('holds all layers, in S3 with a lock file, for the right account only', async () => {
    const stacks = await stacksOf('staging');
    expect([...stacks.keys()]).toEqual(['staging-us-east-1']);
    const { terraform, provider } = frame(stacks.get('staging-us-east-1'));
    expect(terraform.backend).toEqual({
      s3: {
        bucket: 'countersign-111122223333-terraform-state',
        region: 'us-east-1',
        key: 'countersign/staging/us-east-1.tfstate',
        encrypt: true,
        use_lockfile: true,
      },
    });
    expect(provider.aws[0]).toEqual({ region: 'us-east-1', allowed_account_ids: ['111122223333'] });
  });

  it('is one a region', async () => {
    const stacks = await stacksOf('examples/market-data/dev');
    const keys = [...stacks.values()].map((json) => frame(json).terraform.backend.s3?.key);
    expect(keys).toEqual(['eu-west-1', 'eu-west-2', 'us-east-1'].map((region) => `my-app/dev/${region}.tfstate`));
  });
});

describe('an operator', () => {
  const outputs = async (name: string, changes: Record<string, unknown> = {}, stack = `${name}-us-east-1`) =>
    frame((await stacksOf(name, changes)).get(stack)).output ?? {};

  it('is told where it is and what things are called, in either layout', async () => {
    const [one, many] = [
      await outputs('staging'),
      await outputs('staging', { state_layout: 'layered' }, 'staging-us-east-1-backend'),
    ];
    expect(one.application_url?.value).toBe('https://mcp.staging.example.com');
    expect(Object.keys(one.ecs_service_names?.value ?? {})).toEqual(['blue', 'green']);
    expect(Object.keys(many)).toEqual(expect.arrayContaining(Object.keys(one)));
  });

  it('is told nothing of what is not there, and no secret', async () => {
    const told = await outputs('dev');
    expect(Object.keys(told)).toEqual(expect.arrayContaining(['table_names', 'api_endpoint', 'secret_arns']));
    for (const name of ['database_host', 'cache_host', 'function_name', 'distribution_domain_name'])
      expect(told).not.toHaveProperty(name);
    expect(Object.values(told.secret_arns?.value ?? {})).toEqual([
      expect.stringMatching(/^\$\{aws_secretsmanager_secret\..*\.arn\}$/),
    ]);
  });
});

describe('layered states', () => {
  it('are one a layer, and tell the next what it reads by name', async () => {
    const stacks = await stacksOf('staging', { state_layout: 'layered' });
    expect([...stacks.keys()]).toEqual(layers.map((layer) => `staging-us-east-1-${layer}`));
    const network = frame(stacks.get('staging-us-east-1-network'));
    expect(Object.keys(network.output ?? {})).toContain('vpcId');
    const backend = frame(stacks.get('staging-us-east-1-backend'));
    expect(backend.data?.terraform_remote_state?.['network-state']?.config).toMatchObject({
      key: 'countersign/staging/us-east-1/network.tfstate',
    });
  });

  it('refer to nothing in another state: what crosses is an output that one declares and the other reads', async () => {
    const stacks = [...(await stacksOf('staging', { state_layout: 'layered' })).values()];
    const strangers = stacks.flatMap((json) => {
      const own = new Set(readSynthesized(json).addresses);
      const resources = [...json.matchAll(/(?<=\$\{[^}]*)(?<!data\.)\baws_\w+\.[\w-]+/g)].map(([address]) => address);
      expect(resources.length).toBeGreaterThan(0);
      return resources.filter((address) => !own.has(address));
    });
    expect(strangers).toEqual([]);
  });

  it('hold the same resources at the same addresses as one state', async () => {
    const addresses = (stacks: Map<string, string>) =>
      [...stacks.values()].flatMap((json) => readSynthesized(json).addresses).toSorted();
    const [one, many] = [await stacksOf('staging'), await stacksOf('staging', { state_layout: 'layered' })];
    expect(addresses(many)).toEqual(addresses(one));
  });
});

describe('a target', () => {
  it('offline needs no credentials, and keeps its state in a folder', async () => {
    const stacks = await stacksOf('dev', {}, { kind: 'offline', stateFolder: '/states' });
    const { terraform, provider } = frame(stacks.get('dev-us-east-1'));
    expect(terraform.backend).toEqual({ local: { path: '/states/countersign-dev-us-east-1.tfstate' } });
    expect(provider.aws[0]).toMatchObject({ skip_credentials_validation: true, skip_requesting_account_id: true });
  });

  it('emulator sends every call to its address', async () => {
    const url = 'http://127.0.0.1:5000';
    const stacks = await stacksOf('dev', {}, { kind: 'emulator', stateFolder: '/states', url });
    const { provider } = frame(stacks.get('dev-us-east-1'));
    const [endpoints] = (provider.aws[0]?.endpoints ?? []) as Record<string, string>[];
    expect(new Set(Object.values(endpoints ?? {}))).toEqual(new Set([url]));
  });
});
