/** The file name under which somebody wants an imported policy. No file is written: see docs/adr/0063-policy-versions.md. */
import { z } from 'zod';

const isInside = (path: string): boolean =>
  !path.split('/').some((part) => part === '' || part === '.' || part === '..');

/** A path below the working folder, as the server before this one took it. */
export const SavedName = z
  .string()
  .max(200)
  .regex(/^[\w./-]+$/, 'must have letters, digits and . _ - / only')
  .refine(isInside, 'must stay below policies/: no leading slash, no . and no .. in it')
  .refine((path) => path.startsWith('policies/') && path.endsWith('.json'), 'must be policies/NAME.json');
