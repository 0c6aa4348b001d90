/** Pages and webhooks of packs in the whole service: beside one another, alone, and nowhere while their pack is off. */
import '../rigs/notes-pack.ts';

import { signatureOf, webhookKeys } from '../../src/webhook-signature.ts';
import { type Seen, textOn } from '../rigs/browser.ts';
import { all, parseMarkup, text } from '../rigs/markup.ts';
import { notes, openNotes } from '../rigs/notes-pack.ts';
import { Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const keys = webhookKeys(secret, 'NOTES_WEBHOOK_SECRET');
const written: string[] = [];

/** What the header leads to, each once: some entries stand in it on a wide screen and under More on a narrow one. */
const headerOf = ({ body }: Seen): string[] => {
  const [nav] = all(parseMarkup(body), 'nav', { 'aria-label': 'Pages' });
  return nav === undefined ? [] : [...new Set(all(nav, 'a').map((link) => text(link)))].sort();
};
const always = ['Apps', 'Approvals', 'Audit', 'Jobs', 'Notices', 'Operations'];

describe.each([
  ['tagging,notes', ['Notes', 'Compliance', 'Policy']],
  ['notes', ['Notes']],
  ['tagging', ['Compliance', 'Policy']],
])('with TOOL_PACKS=%s', (packs, own) => {
  const on = (pack: string) => packs.split(',').includes(pack);
  const vera = new Person('vera');
  const ana = new Person('ana');
  let service: ServiceRig;
  beforeAll(async () => {
    written.length = 0;
    service = await startService({
      environment: { TOOL_PACKS: packs, NOTES_WEBHOOK_SECRET: secret },
      overrides: { packs: { [notes]: openNotes(written) } },
    });
  });
  afterAll(() => service?.stop());

  const report = async (body: string, id: string, key = keys) => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const { status, headers } = await fetch(`${service.url}/webhooks/notes`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf(key, { id, timestamp }, Buffer.from(body)),
      },
    });
    return [status, headers.getSetCookie()];
  };

  it('the header and the home page lead to the pages of these packs', async () => {
    await vera.open(`${service.url}/approvals`);
    const home = await vera.open(`${service.url}/`);
    expect(headerOf(home)).toEqual([...always, ...own].sort());
    expect(textOn(home).includes('Read the notes')).toBe(on('notes'));
    expect(textOn(home).includes('See tag compliance')).toBe(on('tagging'));
    expect(textOn(home).includes('Notes of the team')).toBe(on('notes'));
    expect(textOn(home).includes('Tag governance')).toBe(on('tagging'));
  });

  it('their pages are there, and those of others are not', async () => {
    expect((await vera.open(`${service.url}/notes`)).status).toBe(on('notes') ? 200 : 404);
    expect((await vera.open(`${service.url}/compliance`)).status).toBe(on('tagging') ? 200 : 404);
    const style = await (await fetch(`${service.url}/assets/countersign.css`)).text();
    expect([style.includes('.team-note'), style.includes('.plot')]).toEqual([on('notes'), on('tagging')]);
  });

  it('their webhooks take what is signed, once, and nothing else', async () => {
    const body = JSON.stringify({ note: 'Reported' });
    const foreign = [Buffer.alloc(32, 6)];
    const answers = [await report(body, 'm1'), await report(body, 'm1'), await report(body, 'm2', foreign)];
    expect(answers).toEqual((on('notes') ? [204, 204, 401] : [404, 404, 404]).map((status) => [status, []]));
    expect(written).toEqual(on('notes') ? ['Reported (m1)'] : []);
  });

  it('a form is taken from whoever may write, and refused to whoever may only read', async () => {
    const sent = async (person: Person) => {
      const page = await person.open(`${service.url}/notes`);
      return on('notes') ? (await person.browser.submit(page, { note: 'Mine' })).status : page.status;
    };
    expect([await sent(ana), await sent(vera)]).toEqual(on('notes') ? [200, 403] : [404, 404]);
    expect(written.includes('Mine (ana)')).toBe(on('notes'));
    expect(written.includes('Mine (vera)')).toBe(false);
    expect(service.faults()).toEqual([]);
  });
});
