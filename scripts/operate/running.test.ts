import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../modules/stacks/synthesize.ts';
import { archives, readSynthesized, repository, type Synthesized } from '../../modules/testing/synthesized.ts';
import { readEnvironment } from '../../modules/tfvars/read.ts';
import { openOperated } from './operated.ts';
import { type RunningNames, runningNames } from './running.ts';
import { wantedValues } from './secrets/wanted.ts';

interface Both {
  readonly made: Synthesized;
  readonly names: RunningNames;
  /** Whole names of secrets, by what makes them. */
  readonly secrets: { readonly terraform: readonly string[]; readonly variables: readonly string[] };
}

/** What Terraform makes, beside what the commands look for. */
const both = async (environment: string): Promise<Both> => {
  const { label, regions } = await readEnvironment(repository, environment);
  const outdir = await mkdtemp(join(tmpdir(), 'running-'));
  await synthesize({ label, regions, target: { kind: 'offline', stateFolder: outdir }, outdir, archives });
  const made = readSynthesized(await readFile(join(outdir, 'stacks', `${label}-us-east-1`, 'cdk.tf.json'), 'utf8'));
  await rm(outdir, { recursive: true });
  const host = { root: repository, env: {}, out: () => {}, err: () => {}, ask: undefined };
  const [deployment] = (await openOperated(host, { environment })).deployments;
  if (deployment === undefined) throw new Error('no region');
  const wanted = wantedValues(deployment);
  const whole = (header: boolean) => [
    ...new Set(
      wanted
        .filter(({ source }) => (source === 'header') === header)
        .map(({ secret }) => deployment.names.secret(secret)),
    ),
  ];
  return { made, names: runningNames(deployment), secrets: { terraform: whole(false), variables: whole(true) } };
};

const named = (made: Synthesized, type: string, attribute: string): unknown[] =>
  Object.values(made.all(type)).map((block) => block[attribute]);
const declared = ({ json }: Synthesized): string[] => {
  const { variable = {} } = JSON.parse(json) as { readonly variable?: Readonly<Record<string, unknown>> };
  return Object.keys(variable);
};

describe('the commands look for what Terraform makes', () => {
  it('on Fargate, with its stores', async () => {
    const { made, names, secrets } = await both('prod');
    expect(named(made, 'aws_ecs_cluster', 'name')).toEqual([names.cluster]);
    expect(named(made, 'aws_ecs_service', 'name')).toEqual(Object.values(names.services));
    expect(named(made, 'aws_lb', 'name')).toEqual([names.loadBalancer]);
    expect(named(made, 'aws_db_instance', 'identifier')).toEqual([names.database]);
    expect(named(made, 'aws_elasticache_replication_group', 'replication_group_id')).toEqual([names.cache]);
    expect(named(made, 'aws_apigatewayv2_api', 'name')).toEqual([names.httpApi]);
    expect(named(made, 'aws_secretsmanager_secret', 'name').sort()).toEqual([...secrets.terraform].sort());
    expect(declared(made)).toHaveLength(secrets.variables.length);
  });

  it('as a function', async () => {
    const { made, names, secrets } = await both('examples/startup/prod');
    expect(named(made, 'aws_lambda_function', 'function_name').sort()).toEqual(
      [names.authorizer, names.function].sort(),
    );
    expect(new Set(named(made, 'aws_lambda_alias', 'name'))).toEqual(new Set([names.alias]));
    expect(declared(made)).toHaveLength(secrets.variables.length);
  });

  it('on instances', async () => {
    const { made, names } = await both('examples/startup/staging');
    expect(named(made, 'aws_autoscaling_group', 'name')).toEqual([names.scalingGroup]);
  });
});
