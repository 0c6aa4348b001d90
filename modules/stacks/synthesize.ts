/** From the settings of an environment to Terraform: one folder of JSON a stack. */
import { mkdir } from 'node:fs/promises';
import { App } from 'cdktf';
import type { Settings } from '../../contracts/settings/resolve.ts';
import './is-array.ts';
import { addAccess } from './access.ts';
import { withoutCreationStacks } from './creation-stacks.ts';
import { deploymentOf, type Target } from './deployment.ts';
import { addEnvironment } from './environment.ts';
import { literalSettings } from './literal.ts';

export interface SynthesizeOptions {
  /** Start of the stack names: `staging`, or `alerts-prod` for an example. */
  readonly label: string;
  /** The settings of each region, the primary one first. */
  readonly regions: readonly Settings[];
  readonly target: Target;
  /** Folder to write to; `stacks/<name>/cdk.tf.json` comes to stand in it. */
  readonly outdir: string;
  /** Folder with the archives of the functions. Default: where `npm run build` puts them. */
  readonly archives?: string;
  /** File and line of a setting; what a policy refuses is traced to it. */
  readonly place?: (setting: string) => string | undefined;
}

/** Builds the app without writing it, for tests that look at resources. */
export const buildApp = ({ label, regions, outdir, ...options }: SynthesizeOptions): App =>
  withoutCreationStacks(() => {
    const app = new App({ outdir, skipValidation: false });
    for (const [index, settings] of regions.entries()) {
      const deployment = deploymentOf(literalSettings(settings), index, options);
      if (deployment.primary) addAccess(app, label, deployment);
      addEnvironment(app, `${label}-${deployment.region}`, deployment);
    }
    return app;
  });

/**
 * Writes the stacks and answers their names in the order in which they are applied.
 * @throws Error listing every policy that a resource breaks
 */
export const synthesize = async (options: SynthesizeOptions): Promise<readonly string[]> => {
  // cdktf makes no parents of a nested folder.
  await mkdir(options.outdir, { recursive: true });
  const app = buildApp(options);
  withoutCreationStacks(() => app.synth());
  return Object.keys(app.manifest.stacks);
};
