import { from, somebody } from '../../test/rigs/access.ts';
import { openNoticesRig, someone } from '../../test/rigs/notices.ts';
import { decideAccess } from '../accounts/decide.ts';

const shop = { api: 'GoogleAds', accountId: '1234567890', accountName: 'Shop' };
const other = { api: 'GoogleAds', accountId: '2222222222' };
const ana = somebody('ana', 'north', ['tag:write']);
const ben = somebody('ben', 'north', ['tag:approve']);
const ada = somebody('ada', undefined, ['admin']);

/** Ben manages north, Sue manages south, and Vera of north manages nothing. */
const open = () => {
  const rig = openNoticesRig({
    channels: [
      {
        name: 'admins',
        topics: ['waiting', 'access'],
        reads: ['admin'],
        slack: 'https://hooks.slack.com/services/T/B/1',
      },
      {
        name: 'readers',
        topics: ['waiting', 'access'],
        reads: ['tag:approve'],
        slack: 'https://hooks.slack.com/services/T/B/2',
      },
    ],
  });
  rig.people.clear();
  for (const person of [
    { ...someone('ana', 'analyst'), team: 'north' },
    { ...someone('ben', 'approver'), team: 'north' },
    { ...someone('vera', 'viewer'), team: 'north' },
    { ...someone('sue', 'approver'), team: 'south' },
    someone('ada', 'admin'),
  ])
    rig.people.set(person.personId, person);
  return rig;
};
type Rig = ReturnType<typeof open>;

const asked = async (rig: Rig, days = 30) => {
  const request = await rig.access.ask(ana, [shop, other], { days });
  await rig.turn();
  return request.requestId;
};
const approved = async (rig: Rig, days = 30) => {
  const requestId = await asked(rig, days);
  await rig.access.decide(ben, requestId);
  await rig.turn();
  rig.sent.splice(0);
  return requestId;
};

describe('a request for access', () => {
  it('is told to the managers of its team and to admins: once, in a reminder, and before it expires; then to who asked', async () => {
    const rig = open();
    await asked(rig);
    const toThem = (said: string) => ['mail ada', 'mail ben', 'slack #admins'].map((to) => `${to}: ${said}`);
    expect(rig.said()).toEqual(toThem('Somebody asks for access to accounts'));
    await rig.later(14 * 8);
    expect(rig.said()).toEqual(toThem('A request for access still waits for an answer'));
    await rig.later(14 * 14);
    expect(rig.said()).toEqual(toThem('A request for access expires soon if nobody answers'));
    await rig.later(14 * 2);
    await rig.access.expire();
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ada: A request for access expired',
      'mail ana: Your request for access expired',
      'mail ben: A request for access expired',
      'slack #admins: A request for access expired',
    ]);
  });

  it('that is decided is told to who asked and to those who could have decided, but not to who did', async () => {
    const rig = open();
    const requestId = await asked(rig);
    rig.sent.splice(0);
    await rig.access.decide(ben, requestId, { accounts: ['GoogleAds:1234567890'] });
    await rig.later(24 * 30);
    expect(rig.said()).toEqual([
      'mail ada: A request for access was approved for 1 of 2 accounts',
      'mail ana: Your request for access was approved for 1 of 2 accounts',
      'slack #admins: A request for access was approved for 1 of 2 accounts',
    ]);
  });

  it('that is rejected is told so', async () => {
    const rig = open();
    const requestId = await asked(rig);
    rig.sent.splice(0);
    await rig.access.decide(ada, requestId, { decision: 'reject', note: 'Ask the other team' });
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ana: Your request for access was rejected',
      'mail ben: A request for access was rejected',
      'slack #admins: A request for access was rejected',
    ]);
  });

  it('names accounts and people, and neither reasons nor notes', async () => {
    const rig = open();
    const requestId = await asked(rig);
    await rig.access.decide(ben, requestId, { note: 'Only for the spring' });
    await rig.turn();
    const everything = JSON.stringify(rig.sent);
    expect(everything).toContain('Shop (GoogleAds:1234567890), GoogleAds:2222222222');
    expect(everything).toContain(`https://mcp.example.com/access/requests/${requestId}`);
    expect(everything).not.toMatch(/campaign of spring|Only for the spring/);
  });

  it('is not told to a manager who moved to another team before the message was sent', async () => {
    const rig = open();
    rig.receivers.answer = async () => ({ outcome: 'retry', because: 'away' });
    await asked(rig);
    rig.people.set('ben', { ...someone('ben', 'approver'), team: 'south' });
    rig.receivers.answer = async () => ({ outcome: 'accepted' });
    await rig.later(0.01);
    expect(rig.said()).toEqual(
      ['mail ada: Somebody asks', 'slack #admins: Somebody asks'].map((one) => `${one} for access to accounts`),
    );
  });

  it('is not told as one to decide to another subject of the human who asked', async () => {
    const rig = open();
    rig.people.set('ben', { ...someone('ben', 'approver'), team: 'north', email: 'ana@example.com' });
    await asked(rig);
    expect(rig.said()).toEqual(
      ['mail ada: Somebody asks', 'slack #admins: Somebody asks'].map((one) => `${one} for access to accounts`),
    );
  });
});

describe('access', () => {
  it('that ends soon is told once, a week before, to its person and the managers; and when it has ended', async () => {
    const rig = open();
    await approved(rig);
    const dayAfterDay = async (days: number) => {
      for (let day = 0; day < days; day += 1) {
        await rig.later(24);
        await rig.access.expire();
        await rig.turn();
      }
      return rig.said();
    };
    expect(await dayAfterDay(22)).toEqual([]);
    const toAll = (said: string) =>
      ['mail ada: Somebody’s', 'mail ana: Your', 'mail ben: Somebody’s', 'slack #admins: Somebody’s'].map(
        (to) => `${to} access to accounts ${said}`,
      );
    // Both accounts were given by one decision: one message tells of both.
    expect(await dayAfterDay(7)).toEqual(toAll('ends soon'));
    expect(await dayAfterDay(3)).toEqual(toAll('has ended'));
    expect(await dayAfterDay(3)).toEqual([]);
  });

  it('that was given for longer meanwhile is not said to end', async () => {
    const rig = open();
    await approved(rig);
    await rig.later(24 * 20);
    const again = await rig.access.ask(ana, [shop, other], { days: 90 });
    await rig.access.decide(ben, again.requestId);
    await rig.turn();
    rig.sent.splice(0);
    await rig.later(24 * 12);
    await rig.access.expire();
    await rig.turn();
    expect(rig.said()).toEqual([]);
  });

  it('that is taken away is told to its person and the managers, but not to who took it away', async () => {
    const rig = open();
    await approved(rig);
    await rig.access.revoke(ben, 'ana', shop);
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ada: Somebody’s access to an account was taken away',
      'mail ana: Your access to an account was taken away',
      'slack #admins: Somebody’s access to an account was taken away',
    ]);
  });

  it('that its person gives up is told to the managers', async () => {
    const rig = open();
    await approved(rig);
    await rig.access.revoke(ana, 'ana', shop);
    await rig.turn();
    expect(rig.said()).toEqual(
      ['mail ada', 'mail ben', 'slack #admins'].map((to) => `${to}: Somebody’s access to an account was taken away`),
    );
  });
});

it('a decision that is not taken tells nobody, and one that is taken is told by whichever task lives', async () => {
  const rig = open();
  const requestId = await asked(rig);
  rig.sent.splice(0);
  const twice = [0, 1].map(() =>
    decideAccess(rig.access.parts, ben, { requestId, decision: 'approve' }, from('page')).then(
      () => 'taken',
      () => 'refused',
    ),
  );
  expect((await Promise.all(twice)).toSorted()).toEqual(['refused', 'taken']);
  await rig.turn(rig.task());
  expect(rig.said().filter((one) => one.startsWith('mail ana'))).toEqual([
    'mail ana: Your request for access was approved',
  ]);
});

it('the queue holds no reason, no note and no address of anybody', async () => {
  const rig = open();
  const requestId = await asked(rig);
  await rig.access.decide(ben, requestId, { note: 'Only for the spring' });
  await rig.turn();
  for (const status of ['waiting', 'done', 'failed', 'superseded'] as const)
    for (const { payload } of (await rig.jobs.list(status)).items)
      expect(JSON.stringify(payload)).not.toMatch(/spring|@example|hooks/);
});

describe('the audit log', () => {
  it('says who was told once a receiver took the message, by person and channel, and nothing before', async () => {
    const rig = open();
    rig.receivers.answer = async () => ({ outcome: 'retry', because: 'away' });
    const requestId = await asked(rig);
    const told = async () =>
      (await rig.access.audit.query({ userId: 'ana' })).items
        .filter(({ tool }) => tool === 'notices')
        .map(({ result, notificationsSent, parameters }) => ({ result, notificationsSent, parameters }));
    expect(await told()).toEqual([]);
    rig.receivers.answer = async () => ({ outcome: 'accepted' });
    await rig.later(0.01);
    const parameters = { notice: 'access.waiting' };
    expect(
      (await told()).toSorted((a, b) => String(a.notificationsSent).localeCompare(String(b.notificationsSent))),
    ).toEqual(
      ['mail ada', 'mail ben', 'slack #admins'].map((one) => ({
        result: 'success',
        notificationsSent: [one],
        parameters,
      })),
    );
    const [asking] = (await rig.access.audit.query({ userId: 'ana' })).items.filter(
      ({ tool }) => tool === 'request_account_access',
    );
    expect(asking).not.toHaveProperty('notificationsSent');
    expect(requestId).toMatch(/^ar_/);
  });

  it('says that a receiver refused a message, and not that it was sent', async () => {
    const rig = open();
    rig.receivers.answer = async ({ channel }) =>
      channel === 'slack' ? { outcome: 'refused', because: 'it answered 400' } : { outcome: 'accepted' };
    await asked(rig);
    const records = (await rig.access.audit.query({ userId: 'ana' })).items.filter(
      ({ result }) => result === 'failure',
    );
    expect(records).toMatchObject([{ tool: 'notices', errorMessage: 'slack #admins: it answered 400' }]);
    expect(records[0]).not.toHaveProperty('notificationsSent');
  });
});
