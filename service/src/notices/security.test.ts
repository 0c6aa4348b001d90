import type { Audit } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import { incidentKey, incidentOf, watchedAudit } from './security.ts';
import type { Incident } from './work.ts';

const at = new Date('2026-11-20T10:00:00.000Z');
const event = (over: Partial<AuditEvent> = {}): AuditEvent => ({
  userId: 'ana',
  correlationId: 'c',
  tool: 'bulk_tag_resources',
  action: 'authorize',
  result: 'blocked',
  errorCode: 'access_denied',
  ...over,
});

/** A log whose records can be made with writes beside them, or are refused so. */
const logThat = (refuses?: ErrorCode) => {
  const appended: string[] = [];
  const told: Incident[] = [];
  const recordOf = (one: AuditEvent) => ({
    ...one,
    timestamp: at.toISOString(),
    sequence: 1,
    previousHash: '',
    hash: '',
  });
  const audit: Audit = {
    append: async (one) => {
      appended.push('alone');
      return recordOf(one);
    },
    appendWith: async (one) => {
      if (refuses !== undefined) throw new CountersignError(refuses, 'no');
      appended.push('with its notice');
      return recordOf(one);
    },
    query: async () => ({ items: [] }),
  };
  const watched = watchedAudit(
    audit,
    () => at,
    (incident) => {
      told.push(incident);
      return { writes: [], possible: async () => true };
    },
  );
  return { watched, appended, told };
};

describe('a refusal', () => {
  it.each(['insufficient_scope', 'rate_limited', 'budget_exhausted', 'page_required', 'toString'])(
    'of the kind %s is nothing that admins are told of',
    (errorCode) => {
      expect(incidentOf(event({ errorCode }), at)).toBeUndefined();
    },
  );

  it('that is looked at is recorded in one transaction with its notice, and only once an hour', async () => {
    const { watched, appended } = logThat();
    await watched.append(event());
    await watched.append(event());
    await watched.append(event({ errorCode: 'rate_limited' }));
    expect(appended).toEqual(['with its notice', 'alone', 'alone']);
  });

  it('is recorded without a notice in a region that only reads', async () => {
    const { watched, appended } = logThat('not_home');
    await watched.append(event());
    expect(appended).toEqual(['alone']);
  });

  it('is not recorded where the store is away, so that nobody acts', async () => {
    const { watched, appended } = logThat('store_unavailable');
    await expect(watched.append(event())).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(appended).toEqual([]);
  });
});

describe('an account that nobody approved', () => {
  const used = (accountId: string, userId = 'ana') => event({ errorCode: 'account_not_authorized', accountId, userId });

  it('is told once a day for each person and account, however often a loop tries', async () => {
    const { watched, appended } = logThat();
    for (let tries = 0; tries < 50; tries += 1) await watched.append(used('1'));
    await watched.append(used('2'));
    await watched.append(used('1', 'ben'));
    expect(appended.filter((one) => one === 'with its notice')).toHaveLength(3);
    const keyAt = (time: string) => {
      const incident = incidentOf(used('1'), new Date(time));
      return incident && incidentKey(incident);
    };
    expect(keyAt('2026-11-20T00:10:00.000Z')).toBe(keyAt('2026-11-20T23:50:00.000Z'));
    expect(keyAt('2026-11-20T23:50:00.000Z')).not.toBe(keyAt('2026-11-21T00:10:00.000Z'));
  });

  it('is one message more from the eleventh of a day on, so that who guesses accounts floods nobody', async () => {
    const { watched, appended, told } = logThat();
    for (let account = 1; account <= 200; account += 1) await watched.append(used(String(account)));
    expect(appended.filter((one) => one === 'with its notice')).toHaveLength(11);
    expect(told.at(-1)).toMatchObject({ several: true, personId: 'ana' });
    expect(told.at(-1)).not.toHaveProperty('accountId');
  });
});
