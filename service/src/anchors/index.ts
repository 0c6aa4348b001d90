/** Where this environment's anchors are kept. */
import { join } from 'node:path';
import type { Anchors } from '../audit/anchors.ts';
import type { Config } from '../config.ts';

/** Undefined where there is nowhere but the database itself. */
export const openAnchors = async (config: Config): Promise<Anchors | undefined> => {
  const { AUDIT_ANCHOR_BUCKET: bucket, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = config;
  if (bucket !== undefined && region !== undefined)
    return (await import('./s3.ts')).s3Anchors({ bucket, region, endpoint });
  if (config.STORE !== 'embedded') return undefined;
  return (await import('./folder.ts')).folderAnchors(join(config.DATA_DIR, 'anchors'));
};
