import { z } from 'zod';
import { type Act, defineAct } from '../../../mcp/tool.ts';
import { resolve } from '../life/acts.ts';
import type { AlertPack } from '../world.ts';
import { ActAnswer, AlertIdInput, acting, ownAct } from './shared/act-answer.ts';

const Asked = z.strictObject({
  alert_id: AlertIdInput,
  resolution: z.string().min(1).max(1000).describe('What was wrong, what helped. Kept as a note'),
});

export const resolveAlert = (pack: AlertPack): Act =>
  defineAct({
    ...ownAct,
    name: 'resolve_alert',
    title: 'Resolve an alert',
    description:
      'Closes an open alert at once. A sender that still reports the same start does not open it again; a new start does.',
    input: Asked,
    output: ActAnswer,
    ...acting(
      pack,
      ({ resolution }: z.output<typeof Asked>) =>
        (alert, who) =>
          resolve(alert, who, resolution),
    ),
  });
