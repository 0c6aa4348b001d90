import { z } from 'zod';
import { type Act, defineAct } from '../../../mcp/tool.ts';
import { acknowledge } from '../life/acts.ts';
import type { AlertPack } from '../world.ts';
import { ActAnswer, AlertIdInput, acting, ownAct } from './shared/act-answer.ts';

/** As long as a route waits until it tells again: who forgets an alert hears of it then. */
const DEFAULT_MINUTES = 240;

const Asked = z.strictObject({
  alert_id: AlertIdInput,
  comment: z.string().min(1).max(1000).optional().describe('Kept as a note'),
  expires_in_min: z.int().min(5).max(1440).default(DEFAULT_MINUTES).describe('Minutes until it fires again'),
});

export const acknowledgeAlert = (pack: AlertPack): Act =>
  defineAct({
    ...ownAct,
    name: 'acknowledge_alert',
    title: 'Acknowledge an alert',
    description:
      'Says, at once, that somebody looks after an open alert: its escalation stops. It fires again when that time is over, or when it gets worse.',
    input: Asked,
    output: ActAnswer,
    ...acting(pack, ({ comment, expires_in_min }: z.output<typeof Asked>) => (alert, who) => {
      const expiresAt = new Date(Date.parse(who.at) + expires_in_min * 60_000).toISOString();
      return acknowledge(alert, who, { expiresAt, comment });
    }),
  });
