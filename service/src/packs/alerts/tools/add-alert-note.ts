import { z } from 'zod';
import { type Act, defineAct } from '../../../mcp/tool.ts';
import { callerOf } from '../changes/stored-change.ts';
import { actOn, previewAct } from '../life/act-on.ts';
import { addNote } from '../life/acts.ts';
import type { ChangedAlert } from '../store/states.ts';
import type { AlertPack } from '../world.ts';
import { AlertIdInput, ownAct } from './shared/act-answer.ts';

const answerOf = ({ alert }: ChangedAlert) => ({
  alert_id: alert.alert_id,
  note_id: alert.notes.at(-1)?.note_id ?? '',
  notes: alert.notes.length,
});

export const addAlertNote = (pack: AlertPack): Act =>
  defineAct({
    ...ownAct,
    annotations: { ...ownAct.annotations, idempotentHint: false },
    name: 'add_alert_note',
    title: 'Note on an alert',
    description: 'Leaves a note with an alert, open or closed, at once. Everybody who may read alerts sees it.',
    input: z.strictObject({
      alert_id: AlertIdInput,
      text: z.string().min(1).max(4000).describe('What it says'),
    }),
    output: z.object({ alert_id: z.string(), note_id: z.string(), notes: z.int() }),
    run: async ({ alert_id, text }, context) =>
      answerOf(await actOn(pack, alert_id, callerOf(context).email, (alert, who) => addNote(alert, who, text))),
    preview: async ({ alert_id, text }, context) =>
      answerOf(await previewAct(pack, alert_id, callerOf(context).email, (alert, who) => addNote(alert, who, text))),
  });
