import { z } from 'zod';
import { all, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { browser, openPages } from '../../../test/rigs/pages.ts';
import { CountersignError } from '../../errors.ts';
import { defineAction, definePage } from '../../packs/page.ts';
import { html } from '../../web/html.ts';
import { composePages, type PagesOfPack } from './composition.ts';

/** A pack with one page that lists notes and one that shows a note and takes its text. */
const notesPack = () => {
  const notes = new Map([['n1', 'First <b>']]);
  const writers: string[] = [];
  const list = definePage({
    route: { method: 'GET', auth: 'page', path: '/notes', rate: 20, scope: 'tag:read' },
    title: 'All notes',
    nav: { label: 'Notes', order: 15 },
    home: { title: 'Notes', text: 'What the team wrote down.', link: 'See the notes' },
    query: z.object({ about: z.string().max(5).optional() }),
    show: async ({ query, visitor }) => ({
      main: html`<h1>Notes</h1><p>for ${visitor.person.name} about ${query.about ?? 'all'}</p><ul>${[...notes].map(([id, note]) => html`<li>${id}: ${note}</li>`)}</ul>`,
    }),
  });
  const write = defineAction({
    route: { method: 'POST', auth: 'page', path: '/notes/:noteId/text', rate: 5, scope: 'tag:write' },
    fields: z.object({ note: z.string().max(30) }),
    maxBytes: 200,
    submit: async ({ fields, params, visitor, context, callTool }) => {
      if (fields.note === 'tag')
        return { redirect: `/notes/${(await callTool('untag_resources', fields)).request_id}` };
      if (fields.note === 'stop') await callTool('stop_scan', fields);
      if (fields.note === '') return { status: 400, main: html`<h1>Write something</h1>` };
      if (fields.note === 'leave') return { redirect: '//evil.example.com/' };
      if (fields.note === 'taken') throw new CountersignError('conflict', 'Somebody wrote this note meanwhile.');
      notes.set(params.noteId ?? '', fields.note);
      writers.push(`${visitor.person.personId} ${context.origin.kind} ${context.signal.aborted}`);
      return { redirect: `/notes/${params.noteId}?written=1` };
    },
  });
  const note = definePage({
    route: { method: 'GET', auth: 'page', path: '/notes/:noteId', rate: 20, scope: 'tag:read' },
    title: 'A note',
    show: async ({ params, visitor }) => {
      const found = notes.get(params.noteId ?? '');
      if (found === undefined) throw new CountersignError('not_found', 'There is no such note.');
      return {
        title: `Note ${params.noteId}`,
        width: 'card',
        main: html`<h1>A note</h1><form method="post" action="/notes/${params.noteId}/text"><input type="hidden" name="csrf" value="${visitor.csrf}"><input name="note" value="${found}"></form>${visitor.signInAgain}`,
      };
    },
    actions: [write],
  });
  const pack: PagesOfPack = {
    title: 'Notes of the team',
    description: 'Reads and writes notes.',
    pages: [list, note],
    styles: '.team-note { color: var(--brand) }',
  };
  return { pack, notes, writers };
};

const open = async (on = true) => {
  const fixture = notesPack();
  return { ...fixture, ...(await openPages(on ? [fixture.pack] : [])) };
};
const words = (body: string): string => text(parseMarkup(body)).replace(/\s+/g, ' ');
const navigation = (body: string): string[] => {
  const [nav] = all(parseMarkup(body), 'nav', { 'aria-label': 'Pages' });
  // What is beside the others on a wide screen is under More on a phone.
  return nav === undefined ? [] : [...new Set(all(nav, 'a').map((link) => text(link)))];
};

describe('a page of a pack', () => {
  it('stands in the service’s own layout, marked in the header, and what it shows is escaped', async () => {
    const { browse } = await open();
    const answer = await (await browse('ben', ['approver'])).get('/notes?about=tags&other=x');
    expect(answer.statusCode).toBe(200);
    expect(words(answer.body)).toContain('for ben about tagsn1: First <b>');
    expect(all(parseMarkup(answer.body), 'title').map((title) => text(title))).toEqual(['All notes · Countersign']);
    expect(all(parseMarkup(answer.body), 'a', { 'aria-current': 'page' }).map((link) => text(link))).toEqual(['Notes']);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('has its place in the header of every page, by order', async () => {
    const { browse } = await open();
    const ben = await browse('ben', ['approver']);
    for (const url of ['/', '/approvals', '/apps', '/notes/n1'])
      expect(navigation((await ben.get(url)).body)).toEqual([
        'Approvals',
        'Notes',
        'Operations',
        'Audit',
        'Jobs',
        'Notices',
        'Apps',
      ]);
  });

  it('has a card on the home page, for those who may see it', async () => {
    const { app, browse } = await open();
    const home = (await (await browse('ben', ['approver'])).get('/')).body;
    expect(words(home)).toContain('NotesWhat the team wrote down.See the notes');
    const stranger = (await app.inject({ url: '/', headers: browser })).body;
    expect(words(stranger)).toContain('Notes of the teamReads and writes notes.');
    expect(stranger).not.toContain('See the notes');
  });

  it('brings its styles into the one stylesheet', async () => {
    const { app, browse } = await open();
    const [link] = all(parseMarkup((await (await browse('ben', ['approver'])).get('/notes')).body), 'link', {
      rel: 'stylesheet',
    });
    const style = await app.inject(link?.attributes.href ?? '');
    expect(style.body).toContain('.team-note { color: var(--brand) }');
    expect(style.headers['cache-control']).toContain('immutable');
  });

  it('sends strangers to sign in and come back', async () => {
    const { app } = await open();
    const { statusCode, headers } = await app.inject({ url: '/notes?about=a', headers: browser });
    expect([statusCode, headers.location]).toEqual([303, '/sign-in?return_to=%2Fnotes%3Fabout%3Da']);
  });

  it('answers a query that its schema refuses with 400 and the parameter’s name', async () => {
    const { browse } = await open();
    const ben = await browse('ben', ['approver']);
    for (const url of ['/notes?about=too-long', '/notes?about=a&about=b']) {
      const answer = await ben.get(url);
      expect([answer.statusCode, words(answer.body).includes('about: ')]).toEqual([400, true]);
    }
  });

  it('tells its own refusals in its own words', async () => {
    const { browse } = await open();
    const answer = await (await browse('ben', ['approver'])).get('/notes/n9');
    expect([answer.statusCode, words(answer.body).includes('There is no such note.')]).toEqual([404, true]);
  });

  it('of a pack that is off is nowhere', async () => {
    const { app, browse } = await open(false);
    const ben = await browse('ben', ['approver']);
    const [gone, unknown] = [await ben.get('/notes'), await ben.get('/nowhere')];
    const told = (body: string) => words(body).replace(/req-\w+/, '');
    expect([gone.statusCode, told(gone.body)]).toEqual([unknown.statusCode, told(unknown.body)]);
    expect((await ben.post('/notes/n1/text', { note: 'x' })).statusCode).toBe(404);
    for (const url of ['/', '/approvals']) expect((await ben.get(url)).body).not.toMatch(/notes/i);
    expect((await app.inject('/assets/countersign.css')).body).not.toContain('.team-note {');
  });

  it('that takes too long is answered with 504, and told to stop', async () => {
    const { pack } = notesPack();
    const [list] = pack.pages;
    if (list === undefined) throw new Error('the fixture has a page');
    const stopped = Promise.withResolvers<void>();
    const endless = definePage({
      ...list,
      show: async ({ context: { signal } }) => {
        signal.addEventListener('abort', () => stopped.resolve());
        return new Promise(() => {});
      },
    });
    const { browse } = await openPages([{ ...pack, pages: [endless] }], 20);
    const answer = await (await browse('ben', ['approver'])).get('/notes');
    expect([answer.statusCode, words(answer.body).includes('This took too long.')]).toEqual([504, true]);
    await stopped.promise;
  });

  it('with a parameter in its address cannot be led to', () => {
    const { pack } = notesPack();
    const [, note] = pack.pages;
    if (note === undefined) throw new Error('the fixture has two pages');
    expect(() => composePages([{ ...pack, pages: [{ ...note, nav: { label: 'Note' } }] }])).toThrow(
      'The page /notes/:noteId has a parameter',
    );
  });
});

describe('a page that asks for a scope', () => {
  const adminsOnly = () => {
    const { pack } = notesPack();
    const [list] = pack.pages;
    if (list === undefined) throw new Error('the fixture has a page');
    return { ...pack, pages: [{ ...list, route: { ...list.route, scope: 'admin' as const } }] };
  };

  it('is refused to whoever has not got it, names it, and is not shown to them', async () => {
    const { browse } = await openPages([adminsOnly()]);
    const ben = await browse('ben', ['approver']);
    const answer = await ben.get('/notes');
    expect([answer.statusCode, words(answer.body).includes('needs the scope admin')]).toEqual([403, true]);
    const home = (await ben.get('/')).body;
    expect([navigation(home), home.includes('See the notes')]).toEqual([
      ['Approvals', 'Operations', 'Audit', 'Jobs', 'Notices', 'Apps'],
      false,
    ]);
    expect((await (await browse('ada', ['admin'])).get('/notes')).statusCode).toBe(200);
  });
});

describe('a form of a pack', () => {
  it('is taken once it is sent from the page, and leads on', async () => {
    const { browse, notes, writers } = await open();
    const ana = await browse('ana', ['analyst']);
    const answer = await ana.post('/notes/n1/text', { note: 'Second' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/notes/n1?written=1']);
    expect([notes.get('n1'), writers]).toEqual(['Second', ['ana request false']]);
  });

  it.each([
    ['without the token of its page', { csrf: '' }, 403, 'older page or from elsewhere'],
    ['with a field that its schema refuses', { note: 'x'.repeat(31) }, 400, 'note: '],
    ['that is too large', { note: 'x'.repeat(300) }, 413, 'over the limit of 200 bytes'],
    ['that the pack refuses', { note: 'taken' }, 409, 'Somebody wrote this note meanwhile.'],
    ['that leads to another site', { note: 'leave' }, 500, 'Something went wrong here'],
  ])('is refused %s, and nothing happens', async (_name, fields, status, said) => {
    const { browse, notes } = await open();
    const answer = await (await browse('ana', ['analyst'])).post('/notes/n1/text', { note: 'Other', ...fields });
    expect([answer.statusCode, words(answer.body).includes(said)]).toEqual([status, true]);
    expect([notes.get('n1'), answer.headers.location]).toEqual(['First <b>', undefined]);
  });

  it('may be shown again with what to correct', async () => {
    const { browse } = await open();
    const answer = await (await browse('ana', ['analyst'])).post('/notes/n1/text', { note: '' });
    expect([answer.statusCode, words(answer.body).includes('Write something')]).toEqual([400, true]);
  });

  it('is refused to whoever may see the page only', async () => {
    const { browse, notes } = await open();
    const answer = await (await browse('ben', ['approver'])).post('/notes/n1/text', { note: 'Mine' });
    expect([answer.statusCode, words(answer.body).includes('needs the scope tag:write')]).toEqual([403, true]);
    expect(notes.get('n1')).toBe('First <b>');
  });

  it('calls a tool as the person who sent it, with what their roles allow', async () => {
    const { browse, calls } = await open();
    const answer = await (await browse('ana', ['analyst'])).post('/notes/n1/text', { note: 'tag' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/notes/op_1']);
    const [call] = calls;
    expect(call).toMatchObject({ name: 'untag_resources', args: { note: 'tag' } });
    expect(call?.caller).toMatchObject({ personId: 'ana', clientId: 'approvals-page' });
    expect([call?.caller.scopes.has('tag:write'), call?.caller.scopes.has('tag:approve')]).toEqual([true, false]);
    expect(call?.origin).toMatchObject({ kind: 'request', via: 'page' });
  });

  it('tells what its tool refuses', async () => {
    const { browse, notes } = await open();
    const answer = await (await browse('ana', ['analyst'])).post('/notes/n1/text', { note: 'stop' });
    expect([answer.statusCode, words(answer.body).includes('It has ended already.')]).toEqual([409, true]);
    expect(notes.get('n1')).toBe('First <b>');
  });

  it('of an elevated scope takes a sign-in of the last minutes, and says where to renew an older one', async () => {
    const { browse, notes } = await open();
    const ana = await browse('ana', ['analyst'], 901);
    const answer = await ana.post('/notes/n1/text', { note: 'Second' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in?again=1&return_to=%2Fnotes%2Fn1']);
    expect(notes.get('n1')).toBe('First <b>');
    expect(words((await ana.get('/notes/n1')).body)).toContain('/sign-in?again=1&return_to=%2Fnotes%2Fn1');
    expect((await (await browse('ana', ['analyst'], 899)).get('/notes/n1')).body).not.toContain('again=1');
  });

  it('leads whoever is no longer signed in back to its page', async () => {
    const { app } = await open();
    const answer = await app.inject({
      method: 'POST',
      url: '/notes/n1/text',
      headers: { ...browser, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'note=x',
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in?return_to=%2Fnotes%2Fn1']);
  });
});
