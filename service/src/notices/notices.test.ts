import { openNoticesRig, someone } from '../../test/rigs/notices.ts';
import { ana, ben, everyone } from '../../test/rigs/pipeline.ts';

const ask = (rig: ReturnType<typeof openNoticesRig>, things = ['a', 'b']) =>
  rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things } }, rig.context(ana));

const approve = async (rig: ReturnType<typeof openNoticesRig>, operationId: string) => {
  const operation = await rig.pipeline.seenBy(everyone).get(operationId);
  const approved = await rig.pipeline.decide(
    { operationId, decision: 'approve', approvalHash: operation?.approvalHash },
    ben,
    rig.context(ben, 'page'),
  );
  return rig.pipeline.outcome(approved);
};

const channels = {
  channels: [
    {
      name: 'leads',
      topics: ['waiting' as const, 'outcomes' as const],
      reads: ['tag:read' as const],
      slack: 'https://hooks.slack.com/services/T/B/key',
    },
    {
      name: 'strangers',
      topics: ['waiting' as const, 'outcomes' as const],
      reads: ['operations:read' as const],
      teams: 'https://example.com/workflow?sig=key',
    },
  ],
};

describe('a change that waits', () => {
  it('is told to who may answer: once, in a reminder, and before it expires; and its end to who asked', async () => {
    const rig = openNoticesRig();
    await ask(rig);
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ada: A change waits for your answer',
      'mail ben: A change waits for your answer',
    ]);
    await rig.later(24);
    expect(rig.said()).toEqual([
      'mail ada: A change still waits for your answer',
      'mail ben: A change still waits for your answer',
    ]);
    await rig.later(42);
    expect(rig.said()).toEqual([
      'mail ada: A change expires soon if nobody answers',
      'mail ben: A change expires soon if nobody answers',
    ]);
    await rig.later(7);
    await rig.pipeline.resume(false);
    await rig.turn();
    expect(rig.said()).toEqual(['mail ana: The change you asked for expired']);
    await rig.later(100);
    expect(rig.said()).toEqual([]);
  });

  it('is told no more once it is decided: one message says that it was approved and applied', async () => {
    const rig = openNoticesRig();
    const { operationId } = await ask(rig);
    await rig.turn();
    rig.sent.splice(0);
    await approve(rig, operationId);
    await rig.later(80);
    expect(rig.said()).toEqual(['mail ana: The change you asked for was approved and applied']);
  });

  it('is told to its requester as approved where it is not applied within a minute', async () => {
    const rig = openNoticesRig();
    const { operationId } = await ask(rig);
    await rig.turn();
    rig.sent.splice(0);
    // Somebody else's change holds the resources, or the task died.
    rig.shelf.beforeRead = async () => {
      throw new Error('the upstream is away');
    };
    await approve(rig, operationId);
    await rig.later(0.1);
    expect(rig.said()).toEqual(['mail ana: The change you asked for was approved and is not applied yet']);
  });

  it('is told to its requester when it is denied, and when it fails', async () => {
    const rig = openNoticesRig();
    const [first, second] = [await ask(rig, ['a']), await ask(rig, ['b'])];
    await rig.turn();
    rig.sent.splice(0);
    await rig.pipeline.decide(
      { operationId: first.operationId, decision: 'deny', comment: 'no' },
      ben,
      rig.context(ben, 'page'),
    );
    rig.shelf.broken.add('b');
    await approve(rig, second.operationId);
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ana: The change you asked for failed',
      'mail ana: The change you asked for was denied',
    ]);
  });

  it('is not told to who asked for it, also where they may approve', async () => {
    const rig = openNoticesRig();
    rig.people.set('ana', someone('ana', 'analyst', 'approver'));
    await ask(rig);
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ada: A change waits for your answer',
      'mail ben: A change waits for your answer',
    ]);
  });

  it('is not told to a person whose scope was taken away between the transition and the delivery', async () => {
    const rig = openNoticesRig();
    rig.receivers.answer = async () => ({ outcome: 'retry', because: 'away' });
    await ask(rig);
    await rig.turn();
    rig.people.set('ben', someone('ben', 'viewer'));
    rig.receivers.answer = async () => ({ outcome: 'accepted' });
    await rig.later(0.01);
    expect(rig.said()).toEqual(['mail ada: A change waits for your answer']);
  });

  it('is told nothing of to those who may not see it: people without a role, and channels whose readers may not', async () => {
    const rig = openNoticesRig(channels);
    const { operationId } = await ask(rig);
    await approve(rig, operationId);
    await rig.later(80);
    const everything = JSON.stringify(rig.sent);
    expect(rig.said()).toContain('slack #leads: A change was approved and applied');
    expect(everything).not.toMatch(/nobody|vera|strangers/);
  });
});

describe('delivery', () => {
  it('of what was written by a task that died before it was told is another task’s', async () => {
    const rig = openNoticesRig();
    // No turn of its own: the process ends right after the transaction.
    await ask(rig);
    await rig.turn(rig.task());
    expect(rig.said()).toHaveLength(2);
  });

  it('is one message, also where two tasks look at the same moment', async () => {
    const rig = openNoticesRig();
    await ask(rig);
    const [one, other] = [rig.task(), rig.task()];
    await Promise.all([rig.turn(one), rig.turn(other)]);
    expect(rig.said()).toEqual([
      'mail ada: A change waits for your answer',
      'mail ben: A change waits for your answer',
    ]);
  });

  it('is one message, also where it was found out twice who is told, because the first task died in the middle', async () => {
    const rig = openNoticesRig();
    await ask(rig);
    await rig.turn();
    const tell = (await rig.jobs.list('done')).items.find(({ worker }) => worker === 'tell');
    await rig.jobs.enqueue({ worker: 'tell', payload: tell?.payload, key: 'again' });
    await rig.turn();
    expect(rig.said()).toHaveLength(2);
  });

  it('of a channel that is down for an hour is one message when it is back', async () => {
    const rig = openNoticesRig(channels);
    const back = rig.world.now.getTime() + 3_600_000;
    let tries = 0;
    rig.receivers.answer = async ({ channel }) => {
      if (channel !== 'slack') return { outcome: 'accepted' };
      tries += 1;
      return rig.world.now.getTime() < back ? { outcome: 'retry', because: 'answered 503' } : { outcome: 'accepted' };
    };
    await ask(rig);
    await rig.turn();
    for (let minutes = 0; minutes < 180; minutes += 10) await rig.later(1 / 6);
    expect(rig.said().filter((line) => line.startsWith('slack'))).toEqual([
      'slack #leads: A change waits for your answer',
    ]);
    expect(tries).toBeGreaterThan(2);
  });

  it('waits as long as the receiver says', async () => {
    const rig = openNoticesRig(channels);
    let tries = 0;
    rig.receivers.answer = async ({ channel }) => {
      tries += channel === 'slack' ? 1 : 0;
      return tries === 1 && channel === 'slack'
        ? { outcome: 'retry', because: 'answered 429', afterSeconds: 1200 }
        : { outcome: 'accepted' };
    };
    await ask(rig);
    await rig.turn();
    await rig.later(0.3);
    expect(tries).toBe(1);
    await rig.later(0.05);
    expect(tries).toBe(2);
  });

  it('is given up after 75 hours, kept, and sent when an admin says so', async () => {
    const rig = openNoticesRig(channels);
    const { operationId } = await ask(rig);
    await approve(rig, operationId);
    rig.receivers.answer = async () => ({ outcome: 'retry', because: 'answered 503' });
    for (let hours = 0; hours < 74; hours += 1) await rig.later(1);
    expect((await rig.told.desk.undelivered()).items).toEqual([]);
    // Each of nine tries comes up to an hour late here.
    for (let hours = 74; hours < 86; hours += 1) await rig.later(1);
    const { items } = await rig.told.desk.undelivered();
    expect(items.map(({ because, delivery }) => [delivery.channel, because]).toSorted()).toEqual([
      ['mail', 'answered 503'],
      ['slack', 'answered 503'],
    ]);
    rig.receivers.answer = async () => ({ outcome: 'accepted' });
    for (const { jobId } of items) await rig.told.desk.replay(jobId, 'ada');
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ana: The change you asked for was approved and applied',
      'slack #leads: A change was approved and applied',
    ]);
    expect((await rig.told.desk.undelivered()).items).toEqual([]);
  });

  it('to an address that is gone stops, until an admin resumes it', async () => {
    const rig = openNoticesRig(channels);
    rig.receivers.answer = async ({ channel }) =>
      channel === 'slack' ? { outcome: 'gone', because: 'answered 410' } : { outcome: 'accepted' };
    await ask(rig, ['a']);
    await rig.turn();
    expect((await rig.told.desk.undelivered()).items).toHaveLength(1);
    expect((await rig.told.desk.shared()).find(({ name }) => name === 'leads')?.paused?.because).toBe('answered 410');
    rig.receivers.answer = async () => ({ outcome: 'accepted' });
    await ask(rig, ['b']);
    await rig.turn();
    expect(rig.said().filter((line) => line.startsWith('slack'))).toEqual([]);
    await rig.told.desk.resume({ shared: 'leads' }, 'slack');
    await ask(rig, ['c']);
    await rig.turn();
    expect(rig.said().filter((line) => line.startsWith('slack'))).toHaveLength(1);
  });

  it('names neither an address nor what a sender threw', async () => {
    const rig = openNoticesRig(channels);
    rig.receivers.answer = async () => {
      throw new Error('connect to https://hooks.slack.com/services/T/B/key failed');
    };
    await ask(rig);
    await rig.later(0);
    for (const status of ['waiting', 'failed', 'running', 'done'] as const)
      for (const job of (await rig.jobs.list(status)).items)
        expect(JSON.stringify(job)).not.toMatch(/hooks\.slack|sig=|@example/);
  });
});

describe('what people chose', () => {
  it('decides at the moment of delivery', async () => {
    const rig = openNoticesRig({ channels: [], slack_app_token: 'xoxb-1' });
    const none = {
      outcomes: [],
      applied: [],
      access: [],
      security: [],
      packs: [],
      summary: [],
      summaries: 'never' as const,
    };
    await rig.told.desk.choose('ben', { ...none, waiting: ['slack'] });
    await rig.told.desk.choose('vera', { ...none, applied: ['mail'], waiting: [] });
    await rig.told.desk.choose('ada', { ...none, waiting: [] });
    const { operationId } = await ask(rig);
    await rig.turn();
    expect(rig.said()).toEqual(['slack ben: A change waits for your answer']);
    await approve(rig, operationId);
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ana: The change you asked for was approved and applied',
      'mail vera: A change was approved and applied',
    ]);
  });
});

describe('a summary', () => {
  const summarize = async (rig: ReturnType<typeof openNoticesRig>, every: 'hour' | 'day') => {
    await rig.jobs.enqueue({ worker: 'summarize', payload: { every } });
    await rig.turn();
  };

  it('of an hour goes to who may countersign, and each applied change to admins, where that is usual', async () => {
    const rig = openNoticesRig(undefined, undefined, 'every-change');
    const { operationId } = await ask(rig, ['a']);
    await approve(rig, operationId);
    await rig.turn();
    expect(rig.said()).toContain('mail ada: A change was approved and applied');
    rig.world.now = new Date(rig.world.now.getTime() + 60_000);
    await summarize(rig, 'hour');
    expect(rig.said()).toEqual(['mail ben: Changes of the last hour']);
  });

  it('of a day goes to admins, of an hour to who chose it, and says only what each may see', async () => {
    const rig = openNoticesRig();
    const chosen = await rig.told.desk.choicesOf('vera', new Set());
    await rig.told.desk.choose('vera', { ...chosen, summaries: 'hour' });
    rig.people.set('nobody', someone('nobody'));
    await rig.told.desk.choose('nobody', { ...chosen, summaries: 'hour' });
    const { operationId } = await ask(rig, ['a']);
    await ask(rig, ['b']);
    await approve(rig, operationId);
    await rig.turn();
    rig.sent.splice(0);
    rig.world.now = new Date(rig.world.now.getTime() + 60_000);
    await summarize(rig, 'day');
    const [day] = rig.sent;
    expect(JSON.stringify(day?.message.body)).toMatch(/Waiting for an answer: 1 change\\nApplied: 1 change/);
    expect(rig.said()).toEqual(['mail ada: Changes of the last day']);
    await summarize(rig, 'hour');
    expect(rig.said()).toEqual(['mail vera: Changes of the last hour']);
  });

  it('of a manager is of what their own team asked for, and of an admin and a person of no team of everybody’s', async () => {
    const rig = openNoticesRig(undefined, undefined, 'every-change');
    const team = (personId: string, name: string | undefined) => {
      const { team: _before, ...person } = rig.people.get(personId) ?? someone(personId);
      rig.people.set(personId, { ...person, ...(name !== undefined && { team: name }) });
    };
    const summary = async (ofBen: string | undefined, every: 'hour' | 'day' = 'hour') => {
      team('ben', ofBen);
      rig.world.now = new Date(rig.world.now.getTime() + 60_000);
      rig.sent.splice(0);
      await summarize(rig, every);
      return rig.sent.map(({ message }) => JSON.stringify(message.body)).join('');
    };
    team('ana', 'north');
    const { operationId } = await ask(rig, ['a']);
    await ask(rig, ['b']);
    await approve(rig, operationId);
    await rig.turn();
    expect(await summary('north')).toMatch(/in your team.*Waiting for an answer: 1 change\\nApplied: 1 change/s);
    expect(await summary('south')).toBe('');
    expect(await summary(undefined)).toMatch(/Applied: 1 change/);
    team('ada', 'south');
    expect(await summary('south', 'day')).toMatch(/Changes of the last day".*Applied: 1 change/s);
  });

  it('of nothing is not sent', async () => {
    const rig = openNoticesRig();
    await summarize(rig, 'day');
    expect(rig.said()).toEqual([]);
  });
});

describe('security', () => {
  it('has admins told of a refused answer, once an hour for each person and reason', async () => {
    const rig = openNoticesRig();
    const { operationId, approvalHash } = await ask(rig);
    await rig.turn();
    rig.sent.splice(0);
    const own = { ...ana, scopes: ben.scopes };
    const tryIt = () =>
      rig.pipeline
        .decide({ operationId, decision: 'approve', approvalHash }, own, rig.context(own, 'page'))
        .catch(() => {});
    await tryIt();
    await tryIt();
    await rig.turn();
    expect(rig.said()).toEqual(['mail ada: Somebody tried to approve their own change']);
    await rig.later(1);
    rig.sent.splice(0);
    await tryIt();
    await rig.turn();
    expect(rig.said()).toEqual(['mail ada: Somebody tried to approve their own change']);
    expect(rig.events.filter(({ errorCode }) => errorCode === 'self_approval_forbidden')).toHaveLength(3);
  });
});

describe('a pack', () => {
  const notice = {
    key: 'limit/1',
    headline: 'A budget change was blocked',
    link: { label: 'See it', path: '/accounts/1' },
    scope: 'tag:approve',
  } as const;

  it('has the holders of a scope told, once for each key', async () => {
    const rig = openNoticesRig();
    await rig.told.notifyOf('notes').tell(notice);
    await rig.told.notifyOf('notes').tell(notice);
    await rig.told.notifyOf('shelf').tell({ ...notice, personId: 'ben' });
    await rig.turn();
    expect(rig.said()).toEqual([
      'mail ada: A budget change was blocked',
      'mail ben: A budget change was blocked',
      'mail ben: A budget change was blocked',
    ]);
  });

  const shared = {
    channels: [
      { name: 'finops', topics: ['packs' as const], reads: ['tag:read' as const], mail: 'finops@example.com' },
      {
        name: 'audits',
        topics: ['summary' as const],
        reads: ['tag:read' as const],
        slack: 'https://hooks.slack.com/x',
      },
      { name: 'strangers', topics: ['packs' as const], reads: ['operations:read' as const], mail: 'all@example.com' },
    ],
  };
  const words = { ...notice, scope: 'tag:read' } as const;

  it.each([
    ['Vera@example.com', { recipient: { personId: 'vera' }, channels: ['mail', 'slack'] }],
    ['finops@example.com', { recipient: { shared: 'finops' }, channels: ['mail'] }],
    ['#audits', { recipient: { shared: 'audits' }, channels: ['slack'] }],
    ['all@example.com', undefined],
    ['nobody@example.com', undefined],
    ['stranger@example.org', undefined],
    ['#finance', undefined],
    ['', undefined],
  ])('finds whom %s names, if they may read it', async (written, found) => {
    const rig = openNoticesRig({ ...shared, slack_app_token: 'xoxb-1' });
    expect(await rig.told.notifyOf('notes').find(written, 'tag:read')).toEqual(found);
  });

  it('has those told whom a notice names, by the ways it names', async () => {
    const rig = openNoticesRig(shared);
    const recipients = [{ personId: 'vera' }, { shared: 'finops' }, { shared: 'audits' }, { shared: 'strangers' }];
    await rig.told.notifyOf('notes').tell({ ...words, to: { recipients, by: ['mail'] } });
    await rig.turn();
    expect(rig.said()).toEqual(['mail #finops: A budget change was blocked', 'mail vera: A budget change was blocked']);
    await rig.told.notifyOf('notes').tell({ ...words, key: '2', to: { recipients, by: ['slack'] } });
    await rig.turn();
    expect(rig.said()).toEqual(['slack #audits: A budget change was blocked']);
  });

  it('tells nobody it names who has lost the scope by then', async () => {
    const rig = openNoticesRig();
    await rig.told.notifyOf('notes').tell({ ...words, to: { recipients: [{ personId: 'vera' }], by: ['mail'] } });
    rig.people.set('vera', someone('vera'));
    await rig.turn();
    expect(rig.said()).toEqual([]);
    expect(rig.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 50,
        notice: 'pack|notes|limit/1',
        msg: expect.stringContaining('reaches nobody'),
      }),
    );
  });

  it.each([
    ['what is urgent', { ...notice, scope: 'admin' as const, personId: 'nobody', urgent: true }, 1],
    ['what can wait', { ...notice, scope: 'admin' as const, personId: 'nobody' }, 0],
  ])('has the log tell of %s and reaches nobody, so that somebody finds out', async (_what, told, lines) => {
    const rig = openNoticesRig();
    await rig.told.notifyOf('notes').tell(told);
    await rig.turn();
    expect([rig.said(), rig.lines]).toMatchObject([[], { length: lines }]);
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'accounts'])(
    'cannot lead to %s',
    async (path) => {
      const rig = openNoticesRig();
      await expect(rig.told.notifyOf('notes').tell({ ...notice, link: { label: 'x', path } })).rejects.toThrow(
        'must be a path of this service',
      );
    },
  );
});
