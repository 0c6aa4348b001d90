/** What acts on one alert have in common: which alert, and what they answer. */
import { z } from 'zod';
import type { CallContext } from '../../../../call.ts';
import { noAccounts } from '../../../../mcp/tool.ts';
import { UntrustedText } from '../../../../untrusted.ts';
import { callerOf } from '../../changes/stored-change.ts';
import { type ActStep, actOn, previewAct } from '../../life/act-on.ts';
import { soon } from '../../notices/soon.ts';
import { isAlertId } from '../../store/alert-keys.ts';
import type { ChangedAlert } from '../../store/states.ts';
import type { AlertPack } from '../../world.ts';
import { ListedAlert, listedAlert, untrustedIn } from './shown-alert.ts';

export const AlertIdInput = z
  .string()
  .refine(isAlertId, 'must be the alert_id of an alert, as list_alerts shows it')
  .describe('alert_id of list_alerts');

/** Of an act on an alert. */
export const ActAnswer = z.object({
  alert: ListedAlert,
  changed: z.boolean().describe('false: it was so already'),
  untrusted_text: UntrustedText,
});

const answerOf = ({ alert, changed }: ChangedAlert): z.input<typeof ActAnswer> => ({
  alert: listedAlert(alert),
  changed,
  untrusted_text: untrustedIn('alert'),
});

/** Doing it again changes nothing, and nothing leaves the service. */
export const ownAct = {
  scopes: ['alerts:write'],
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  accounts: noAccounts,
} as const;

/** `run` and `preview` of an act that changes whom an alert is told, and answers with it. */
export const acting = <In extends { readonly alert_id: string }>(pack: AlertPack, step: (input: In) => ActStep) => ({
  run: async (input: In, context: CallContext) => {
    const done = await actOn(pack, input.alert_id, callerOf(context).email, step(input));
    if (done.changed) await soon(pack);
    return answerOf(done);
  },
  preview: async (input: In, context: CallContext) =>
    answerOf(await previewAct(pack, input.alert_id, callerOf(context).email, step(input))),
});
