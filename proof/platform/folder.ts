import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder under the system's own for passing files. */
export const freshFolder = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `proof-${name.replaceAll('/', '-')}-`));
