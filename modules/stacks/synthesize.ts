/** From the settings of an environment to Terraform: one folder of JSON a stack. */
import { mkdir } from 'node:fs/promises';
import { App } from 'cdktf';
import type { Settings } from '../../contracts/settings/resolve.ts';
import './is-array.ts';
import { addAccess } from './access.ts';
import { withoutCreationStacks } from './creation-stacks.ts';
import { type Deployment, type DeploymentTarget, deploymentOf } from './deployment.ts';
import { addEnvironment } from './environment.ts';
import { literalSettings } from './literal.ts';

export interface SynthesizeOptions {
  /** Start of the stack names: `staging`, or `alerts-prod` for an example. */
  readonly label: string;
  /** The settings of each region, the primary one first. */
  readonly regions: readonly Settings[];
  readonly target: DeploymentTarget;
  /** Folder to write to; `stacks/<name>/cdk.tf.json` comes to stand in it. */
  readonly outdir: string;
  /** Folder with the archives of the functions. Default: where `npm run build` puts them. */
  readonly archives?: string;
  /** Finds out, when a policy refuses something, on which lines its settings stand. */
  readonly places?: () => Promise<PlaceOf>;
}

type Building = Omit<SynthesizeOptions, 'places'> & Pick<Deployment, 'place'>;
type PlaceOf = NonNullable<Deployment['place']>;

/** Builds the app without writing it, for tests that look at resources. */
export const buildApp = ({ label, regions, outdir, ...options }: Building): App =>
  withoutCreationStacks(() => {
    const app = new App({ outdir, skipValidation: false });
    for (const [index, settings] of regions.entries()) {
      const deployment = deploymentOf(literalSettings(settings), index, options);
      if (deployment.primary) addAccess(app, label, deployment);
      addEnvironment(app, `${label}-${deployment.region}`, deployment);
    }
    return app;
  });

const write = (options: Building): readonly string[] => {
  const app = buildApp(options);
  withoutCreationStacks(() => app.synth());
  return Object.keys(app.manifest.stacks);
};

/**
 * Writes the stacks and answers their names in the order in which they are applied.
 * @throws Error listing every policy that a resource breaks, and the lines of the settings behind it
 */
export const synthesize = async ({ places, ...options }: SynthesizeOptions): Promise<readonly string[]> => {
  // cdktf makes no parents of a nested folder.
  await mkdir(options.outdir, { recursive: true });
  try {
    return write(options);
  } catch (error) {
    if (places === undefined || !isRefused(error)) throw error;
    // Finding lines takes a second reading of the file, which is worth it only now.
    return write({ ...options, place: await places() });
  }
};

/** Whether a policy refused the stacks. cdktf lists what it found under a heading of its own. */
export const isRefused = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('Validation failed');
