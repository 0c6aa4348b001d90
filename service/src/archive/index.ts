/** Where this environment's audit log is exported to. */
import { resolve } from 'node:path';
import type { Archive } from '../audit/export/archive.ts';
import type { Config } from '../config.ts';

/** Undefined where nobody asked for an export. */
export const openArchive = async (config: Config): Promise<Archive | undefined> => {
  const { AUDIT_EXPORT_BUCKET: bucket, AUDIT_EXPORT_FOLDER: folder, AWS_REGION: region } = config;
  if (bucket !== undefined && region !== undefined)
    return (await import('./s3.ts')).s3Archive({ bucket, region, endpoint: config.AWS_ENDPOINT_URL });
  return folder === undefined ? undefined : (await import('./folder.ts')).folderArchive(resolve(folder));
};
