import type { Tool } from '../../../mcp/tool.ts';
import type { AlertPack } from '../world.ts';
import { createSilence } from './create-silence.ts';
import { expireSilence } from './expire-silence.ts';
import { listSilences } from './list-silences.ts';

export const silenceTools = (pack: AlertPack): readonly Tool[] => [
  listSilences(pack),
  createSilence(pack),
  expireSilence(pack),
];
