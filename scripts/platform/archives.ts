/** The archives of the Lambda functions, bundled for whoever plans. */
import { join } from 'node:path';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { shapeOf } from '../../contracts/settings/shape.ts';
import { bundleFunctions } from '../build-functions.ts';

/** Bundles them below `out` where the environment has any, so that what is planned is what stands in this checkout. */
export const functionArchives = async (regions: readonly Settings[], out: string): Promise<string | undefined> => {
  const needed = regions.map(shapeOf).some(({ authorizer, containers }) => authorizer || !containers);
  if (!needed) return undefined;
  const folder = join(out, 'functions');
  await bundleFunctions(folder);
  return folder;
};
