/** Every secret that a container is told of can be read by the role that has to: ECS at its start, or the service itself. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../modules/stacks/synthesize.ts';
import { decide, rulesOf } from '../../modules/testing/policy.ts';
import { archives, readSynthesized, repository, type Synthesized } from '../../modules/testing/synthesized.ts';
import { environmentNames, readEnvironment } from '../../modules/tfvars/read.ts';

interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
}

/** In the primary region, and in one state or the backend's own. */
const backendOf = async (name: string): Promise<Synthesized> => {
  const outdir = await mkdtemp(join(tmpdir(), 'countersign-secrets-'));
  try {
    const { label, regions } = await readEnvironment(repository, name);
    const target = { kind: 'offline', stateFolder: outdir } as const;
    await synthesize({ label, regions, target, outdir, archives });
    const stack = `${label}-${regions[0]?.regions[0]}`;
    return readSynthesized(await readFile(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
  } finally {
    await rm(outdir, { recursive: true });
  }
};

const containersOf = (made: Synthesized): Container[] =>
  Object.values(made.all('aws_ecs_task_definition')).flatMap(
    ({ container_definitions }) => JSON.parse(String(container_definitions)) as Container[],
  );

const names = await environmentNames(repository);

/** `arn:key::` without the key: a reference to a resource holds no colon. */
const secretOf = (valueFrom: string): string => valueFrom.replace(/:[\w-]*::$/, '');
const mayRead = (made: Synthesized, role: string, resource: string): boolean =>
  decide(rulesOf(made, `service_containers_${role}_permissions`), { action: 'secretsmanager:GetSecretValue', resource })
    .allowed;

describe('a secret that a container is told of', () => {
  let told = 0;
  it.each(names)('%s: can be read by who hands it over, and by nobody else', async (name) => {
    const made = await backendOf(name);
    for (const { environment, secrets = [] } of containersOf(made)) {
      for (const { name: variable, valueFrom } of secrets) {
        told += 1;
        expect([variable, mayRead(made, 'execution-role', secretOf(valueFrom))]).toEqual([variable, true]);
      }
      const password = environment.find(({ name: variable }) => variable === 'DATABASE_SECRET_ARN')?.value;
      if (password === undefined) continue;
      told += 1;
      expect(mayRead(made, 'task-role', password)).toBe(true);
      expect(mayRead(made, 'execution-role', password)).toBe(false);
    }
  });
  it('is there at all', () => {
    expect(told).toBeGreaterThan(20);
  });
});
