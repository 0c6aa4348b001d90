/** The environments of this repository as `npm run synth` writes them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../modules/stacks/synthesize.ts';
import { archives, repository } from '../../../modules/testing/synthesized.ts';
import { environmentNames, readEnvironment } from '../../../modules/tfvars/read.ts';
import { sized } from '../sized.ts';

/** Names of the environments that run the service, and not an image of somebody else's. */
export const ownEnvironments = async (): Promise<string[]> => {
  const names = (await environmentNames(repository)).filter((name) => sized[name] === undefined);
  const read = await Promise.all(names.map((name) => readEnvironment(repository, name)));
  return read.filter(({ regions }) => regions[0]?.container === 'countersign').map(({ name }) => name);
};

/** The Terraform of the environment in its first region, for AWS itself. */
export const synthesizedJson = async (name: string): Promise<string> => {
  const outdir = await mkdtemp(join(tmpdir(), 'one-truth-synth-'));
  try {
    const environment = await readEnvironment(repository, name);
    await synthesize({ ...environment, target: { kind: 'aws' }, outdir, archives });
    const stack = `${environment.label}-${environment.regions[0]?.regions[0]}`;
    return await readFile(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
  } finally {
    await rm(outdir, { recursive: true });
  }
};
