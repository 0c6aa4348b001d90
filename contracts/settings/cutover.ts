/** How the traffic of an environment is moved to a new version step by step. */
import type { Settings } from './resolve.ts';

export type Cutover = 'colours' | 'versions' | 'instances';

const ways: Readonly<Record<Settings['compute_mode'], Cutover>> = {
  fargate: 'colours',
  lambda: 'versions',
  ec2: 'instances',
};

/** Between what `npm run cutover` moves traffic; undefined where a deployment moves all of it at once. */
export const cutoverOf = (settings: Settings): Cutover | undefined =>
  settings.blue_green || settings.lambda_cutover || settings.instance_cutover ? ways[settings.compute_mode] : undefined;
