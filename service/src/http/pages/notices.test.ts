import type { Role } from '../../../../contracts/scopes.ts';
import { openPages } from '../../../test/rigs/pages.ts';

const open = async (personId: string, roles: Role[]) => {
  const pages = await openPages();
  return { ...pages, person: await pages.browse(personId, roles) };
};

describe('the page of notices', () => {
  it('shows admins security, shared channels and what was not delivered, and nobody else', async () => {
    const { browse, person } = await open('ben', ['approver']);
    const ofBen = (await person.get('/notices')).body;
    const ofAda = (await (await browse('ada', ['admin'])).get('/notices')).body;
    for (const part of ['Shared channels', 'Not delivered', 'name="security"', 'approvers']) {
      expect([part, ofBen.includes(part)]).toEqual([part, false]);
      expect([part, ofAda.includes(part)]).toEqual([part, true]);
    }
    // Where they are is a key.
    expect(ofAda).not.toMatch(/hooks\.slack|whsec_|workflows/);
  });

  it('keeps what was ticked, also nothing, and refuses what is no choice', async () => {
    const { person } = await open('ben', ['approver']);
    const saved = await person.post('/notices', { waiting: 'slack', summaries: 'hour' });
    expect([saved.statusCode, saved.headers.location]).toEqual([303, '/notices?done=saved']);
    const { body } = await person.get('/notices');
    expect(body.match(/name="\w+" value="\w+" checked/g)).toEqual([
      'name="waiting" value="slack" checked',
      'name="summaries" value="hour" checked',
    ]);
    const wrongs: Record<string, string>[] = [{ waiting: 'pigeon', summaries: 'day' }, { waiting: 'mail' }];
    for (const wrong of wrongs) expect((await person.post('/notices', wrong)).statusCode).toBe(400);
  });

  it.each(['/notices', '/notices/paused', `/notices/undelivered/${'a'.repeat(32)}`])(
    'takes no form for %s that it did not show',
    async (path) => {
      const { person } = await open('ada', ['admin']);
      const answer = await person.post(path, { csrf: 'of another page', channel: 'mail', summaries: 'day' });
      expect(answer.statusCode).toBe(403);
    },
  );

  it('lets admins alone send again and resume shared channels, and each of it is in the audit log', async () => {
    const { browse, person, rig } = await open('ben', ['approver']);
    const replay = `/notices/undelivered/${'a'.repeat(32)}`;
    expect((await person.post(replay, {})).statusCode).toBe(403);
    expect((await person.post('/notices/paused', { channel: 'shared:approvers' })).statusCode).toBe(403);
    expect(rig.events.filter(({ tool }) => tool === 'notices-page')).toEqual([]);
    const ada = await browse('ada', ['admin']);
    expect((await ada.post(replay, {})).statusCode).toBe(404);
    expect((await ada.post('/notices/paused', { channel: 'shared:approvers' })).statusCode).toBe(303);
    expect((await ada.post('/notices/paused', { channel: 'shared:none' })).statusCode).toBe(404);
    // What was not there to be sent again is begun, and no success.
    const done = rig.events.filter(({ tool, result }) => tool === 'notices-page' && result === 'success');
    expect(done.map(({ summary }) => summary)).toEqual([{ resumed: 'shared:approvers' }]);
  });

  it('sends whoever is not signed in to the sign-in, and shows the messages of others to nobody who may not see them', async () => {
    const { app, browse } = await openPages();
    for (const url of ['/notices', '/notices/sent'])
      expect((await app.inject({ url, headers: { accept: 'text/html' } })).headers.location).toMatch(/^\/sign-in/);
    expect((await (await browse('nobody', [])).get('/notices/sent')).statusCode).toBe(403);
  });
});
