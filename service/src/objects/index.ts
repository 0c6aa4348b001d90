/** Where this environment's objects are kept, and the links that lead to them. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { ObjectEngine, Objects } from '../ports/objects.ts';
import type { Links } from './links.ts';

type Place = Pick<Config, 'OBJECTS_BUCKET' | 'AWS_REGION' | 'AWS_ENDPOINT_URL' | 'DATA_DIR'>;

/** The bucket OBJECTS_BUCKET, else a folder of DATA_DIR. */
export const openObjects = async (config: Place): Promise<ObjectEngine> => {
  const { OBJECTS_BUCKET: bucket, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = config;
  if (bucket !== undefined && region !== undefined)
    return (await import('./s3.ts')).s3Objects({ bucket, region, endpoint });
  return (await import('./folder.ts')).folderObjects(join(config.DATA_DIR, 'objects'));
};

/** The objects of all packs, by their whole keys. */
export const linked = (engine: ObjectEngine, links: Pick<Links, 'sign'>): Objects => ({
  put: (key, body, options) => engine.put(key, body, options),
  get: (key) => engine.get(key),
  head: (key) => engine.head(key),
  list: (folder, page) => engine.list(folder, page),
  remove: (key) => engine.remove(key),
  link: (key, options) => links.sign(key, options),
});
