/**
 * A pack with a page, a form and a webhook, and no tool. Import it first, and for its effect: it puts its contract into the
 * registry before anything derives from it.
 */
import { z } from 'zod';
import { type PackName, packNames, packs } from '../../../contracts/packs/index.ts';
import { definePack } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import { secret } from '../../../contracts/variable.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { defineAction, definePage } from '../../src/packs/page.ts';
import { defineWebhook } from '../../src/packs/webhook.ts';
import { html } from '../../src/web/html.ts';

const contract = definePack({
  title: 'Notes of the team',
  description: 'Keeps notes.',
  scopes: {
    'notes:read': { description: 'Read notes', implies: ['operations:read'], elevated: false },
    'notes:write': { description: 'Write notes', implies: ['notes:read', 'operations:write'], elevated: true },
  },
  roles: { viewer: ['notes:read'], analyst: ['notes:write'], approver: ['notes:read'] },
  tools: {},
  accounts: { none: 'Notes are the team’s.' },
  variables: { NOTES_WEBHOOK_SECRET: secret({ description: 'Key of the upstream that reports notes.' }) },
  secrets: { NOTES_WEBHOOK_SECRET: { from: 'notes:webhook_secret' } },
  routes: {
    notes: { method: 'GET', path: '/notes', auth: 'page', scope: 'notes:read', rate: 20 },
    addNote: { method: 'POST', path: '/notes', auth: 'page', scope: 'notes:write', rate: 5 },
    noteReported: {
      method: 'POST',
      path: '/webhooks/notes',
      auth: 'webhook',
      secret: 'NOTES_WEBHOOK_SECRET',
      rate: 10,
    },
  },
});

Object.assign(packs, { notes: contract });
/** Its name. The compiler does not know it, because it is in the registry of the tests only. */
export const notes = 'notes' as PackName;
packNames.push(notes);

const { routes } = contract;
const scoped = <R extends { readonly scope: string }>(route: R) => ({ ...route, scope: route.scope as Scope });

/** Each note that was written or reported, the oldest first. */
export const openNotes =
  (written: string[]): OpenPack =>
  async () => ({
    tools: [],
    pages: [
      definePage({
        route: scoped(routes.notes),
        title: 'Notes',
        nav: { label: 'Notes', order: 5 },
        home: { title: 'Notes of the team', text: 'What was written down.', link: 'Read the notes' },
        show: async ({ visitor }) => ({
          main: html`<h1>Notes</h1><ul>${written.map((note) => html`<li>${note}</li>`)}</ul><form method="post" action="${routes.addNote.path}"><input type="hidden" name="csrf" value="${visitor.csrf}"><label>Note <input name="note"></label><button>Add</button></form>`,
        }),
        actions: [
          defineAction({
            route: scoped(routes.addNote),
            fields: z.object({ note: z.string().min(1).max(100) }),
            submit: async ({ fields, visitor }) => {
              written.push(`${fields.note} (${visitor.person.personId})`);
              return { redirect: routes.notes.path };
            },
          }),
        ],
      }),
    ],
    styles: '.team-note { color: var(--brand) }',
    webhooks: [
      defineWebhook({
        route: routes.noteReported,
        payload: z.looseObject({ note: z.string() }),
        receive: async ({ payload, id }) => void written.push(`${payload.note} (${id})`),
      }),
    ],
  });
