import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { isAlertId } from '../store/alert-keys.ts';
import type { AlertPack } from '../world.ts';
import { ListedAlert, listedAlert, untrustedIn } from './shared/shown-alert.ts';

export const getAlert = (pack: AlertPack): Query =>
  defineQuery({
    name: 'get_alert',
    title: 'Get an alert',
    description: 'Shows one alert as it is now. Use it after list_alerts, before you acknowledge, resolve or escalate.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      alert_id: z.string().refine(isAlertId, 'must be the alert_id of an alert').describe('alert_id of list_alerts'),
    }),
    output: z.object({ alert: ListedAlert, untrusted_text: UntrustedText }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ alert_id }) => {
      const alert = await pack.states.get(alert_id);
      if (alert === undefined)
        throw new CountersignError(
          'not_found',
          `alert_id: there is no alert ${alert_id}. list_alerts shows those there are.`,
        );
      return { alert: listedAlert(alert), untrusted_text: untrustedIn('alert') };
    },
  });
