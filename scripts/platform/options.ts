/** Options that several commands share, so that they mean the same everywhere. */
import type { Option } from './command.ts';

export const environment = {
  type: 'string',
  value: 'NAME',
  description: 'Environment to use, such as staging or examples/alerts/prod. Default: $ENVIRONMENT.',
} as const satisfies Option;

export const region = {
  type: 'string',
  value: 'REGION',
  description: 'Only this one of its regions. Default: all, the primary one first.',
} as const satisfies Option;

export const offline = {
  type: 'boolean',
  description: 'Without credentials and without state: what a first deployment would make.',
} as const satisfies Option;

export const out = {
  type: 'string',
  value: 'FOLDER',
  description: 'Folder to write to. Default: cdktf.out, or cdktf.out/offline.',
} as const satisfies Option;

export const verbose = {
  type: 'boolean',
  description: 'Shows all that terraform says.',
} as const satisfies Option;

export const json = {
  type: 'boolean',
  description: 'Prints JSON on standard output; everything else goes to standard error.',
} as const satisfies Option;
