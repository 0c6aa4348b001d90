import { z } from 'zod';
import type { PageRoute, WebhookRoute } from '../../../contracts/packs/pack.ts';
import { html } from '../web/html.ts';
import { defineAction, definePage } from './page.ts';
import { routeFaultsOf, routesServedBy } from './routes.ts';
import { defineWebhook } from './webhook.ts';

const notes = { method: 'GET', path: '/notes', auth: 'page', scope: 'tag:read', rate: 20 } as const;
const write = { method: 'POST', path: '/notes', auth: 'page', scope: 'tag:write', rate: 5 } as const;
const changed = { method: 'POST', path: '/webhooks/notes', auth: 'webhook', secret: 'NOTES_KEY', rate: 5 } as const;
const declared = { notes, write, changed };

const show = async () => ({ main: html`<h1>Notes</h1>` });
const action = (route: PageRoute<'tag:write'> = write) =>
  defineAction({ route, fields: z.object({}), submit: async () => ({ redirect: '/notes' }) });
const page = (route: PageRoute<'tag:read' | 'tag:write' | 'admin'> = notes, actions = [action()]) =>
  definePage({ route, title: 'Notes', show, actions });
const webhook = (route: WebhookRoute = changed) =>
  defineWebhook({ route, payload: z.unknown(), receive: async () => {} });

describe('the routes of a pack', () => {
  it('are its pages, their forms and its webhooks', () => {
    const pack = { pages: [page()], webhooks: [webhook()] };
    expect(routesServedBy(pack)).toEqual([notes, write, changed]);
    expect(routeFaultsOf(declared, pack)).toEqual([]);
    expect(routeFaultsOf({}, {})).toEqual([]);
  });

  it.each([
    ['a page at another path', { pages: [page({ ...notes, path: '/other' })] }, 'GET /other is not one of its routes'],
    [
      'a page for another scope',
      { pages: [page({ ...notes, scope: 'admin' })] },
      'GET /notes is not one of its routes',
    ],
    ['a page that is left out', { pages: [] }, 'the route GET /notes is missing'],
    ['two pages at one path', { pages: [page(), page(notes, [])] }, 'GET /notes is there twice'],
    ['a page that is shown by POST', { pages: [page(write, [])] }, 'the page POST /notes is shown by POST, not GET'],
    [
      'a form that is taken by GET',
      { pages: [page(notes, [action({ ...write, method: 'GET' })])] },
      'the form GET /notes is taken by GET, not POST',
    ],
    ['a form that is left out', { pages: [page(notes, [])] }, 'the route POST /notes is missing'],
    [
      'a webhook with another secret',
      { webhooks: [webhook({ ...changed, secret: 'OTHER' })] },
      'POST /webhooks/notes is not one of its routes',
    ],
  ])('are not those of its contract with %s', (_name, over, fault) => {
    expect(routeFaultsOf(declared, { pages: [page()], webhooks: [webhook()], ...over })).toContain(fault);
  });
});
