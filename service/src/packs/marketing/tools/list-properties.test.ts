import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { searchConsoleArea } from '../sandbox/search-console.ts';
import { refused, type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const property = 'sc-domain:example.com';
let google: StandIn;
let pack: OnePack;

beforeAll(async () => {
  google = await startStandIn([searchConsoleArea()], () => new Date('2026-11-20T09:00:00Z'));
  pack = await openOnePack('marketing', { GOOGLE_URL: google.url }, [
    { api: 'GSC', accountId: property },
    { api: 'GSC', accountId: 'sc-domain:not-at-google.example.com' },
  ]);
});
afterAll(async () => {
  await pack.close();
  await google.close();
});

it('shows the properties that Google lists and that were approved here, and no other', async () => {
  expect(await pack.call('list_properties', {})).toMatchObject({
    properties: [{ property, permission_level: 'siteOwner' }],
    total: 1,
    sandbox: true,
  });
});

it('says that Google limits the calls, and for how long', async () => {
  const answer = refused(403, 'PERMISSION_DENIED', 'Quota exceeded', 'rateLimitExceeded');
  google.fail(/sites/, { ...answer, headers: { 'retry-after': '90' } });
  await expect(pack.call('list_properties', {})).rejects.toMatchObject({
    code: 'throttled',
    details: { google_code: 'RATE_LIMITED', retry_after_seconds: 90 },
  });
});
