import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { planEnd, silenceId, silenceSteps } from '../silences/change.ts';
import type { AlertPack } from '../world.ts';
import { AskedAlertChange, askedAnswer, ownChange } from './shared/asked-change.ts';

export const expireSilence = (pack: AlertPack): Change =>
  defineChange({
    ...ownChange,
    ...silenceSteps(pack),
    name: 'expire_silence',
    title: 'End a silence',
    description: 'Asks for a silence to end now, so that people are told again. A second person agrees.',
    scopes: ['alerts:write'],
    input: z.strictObject({
      silence_id: z.string().regex(silenceId, 'must be a silence_id of list_silences').describe('Of list_silences'),
    }),
    output: AskedAlertChange,
    plan: ({ silence_id }, context) => planEnd(pack, silence_id, context),
    present: (operation) => askedAnswer(pack, operation),
  });
