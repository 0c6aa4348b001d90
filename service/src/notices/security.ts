/** Refusals that somebody should look at, found in the audit log as they are written there. */
import { LRUCache } from 'lru-cache';
import { routes } from '../../../contracts/routes.ts';
import type { Audit, Together } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import { CountersignError } from '../errors.ts';
import { outsideLine, type Telling } from './telling.ts';
import { timeWords } from './time-words.ts';
import type { Incident } from './work.ts';

interface Watched {
  readonly headline: string;
  /** A limit that keeps money or an estate whole was run into. */
  readonly urgent?: true;
}

/** By code. Not those that every honest client runs into: a missing step-up, a limit per minute, an old plan. */
const watched: Readonly<Record<string, Watched>> = {
  account_not_authorized: { headline: 'Somebody tried to act on an account that nobody approved for them' },
  access_denied: { headline: 'Somebody tried what their role does not allow' },
  self_approval_forbidden: { headline: 'Somebody tried to approve their own change' },
  arguments_changed: { headline: 'An answer was refused because the plan is not the one that was shown' },
  safety_limit_exceeded: { headline: 'A change was blocked by a safety limit', urgent: true },
};

const NO_ACCOUNT = 'account_not_authorized';

export const incidentOf = (event: AuditEvent, at: Date): Incident | undefined => {
  const { result, errorCode = '', userId, tool, operationId, accountId } = event;
  if (result !== 'blocked' || !Object.hasOwn(watched, errorCode)) return undefined;
  return {
    of: 'security',
    code: errorCode,
    personId: userId,
    tool,
    ...(operationId === undefined ? {} : { operationId }),
    ...(errorCode === NO_ACCOUNT && accountId !== undefined && { accountId }),
    at: at.toISOString(),
  };
};

const HOUR_MS = 3_600_000;

/** Incidents of which this task knows that they were told. What it forgot is refused by the key. */
const REMEMBERED = 10_000;

/** Of one person and reason one an hour, whatever they try; of one person and account one a day. */
export const incidentKey = ({ personId, code, at, accountId, several }: Incident): string =>
  code === NO_ACCOUNT
    ? JSON.stringify(['security', code, at.slice(0, 10), personId, several ? 'several' : (accountId ?? '')])
    : `security|${code}|${Math.floor(Date.parse(at) / HOUR_MS)}|${personId}`;

/** Accounts of one person that are told one by one on one day. After them one message says that there are more. */
const MOST_ACCOUNTS = 10;

/** Gathers the accounts of somebody who tries one after the other. */
const gatherer = () => {
  const seen = new LRUCache<string, ReadonlySet<string>>({ max: REMEMBERED });
  return (incident: Incident): Incident => {
    const { accountId, personId, at, ...rest } = incident;
    if (accountId === undefined) return incident;
    const of = JSON.stringify([at.slice(0, 10), personId]);
    const accounts = new Set(seen.get(of)).add(accountId);
    if (accounts.size > MOST_ACCOUNTS) return { ...rest, personId, at, several: true };
    seen.set(of, accounts);
    return incident;
  };
};

export const incidentTelling = (
  { code, personId, tool, operationId, accountId, several, at }: Incident,
  { publicUrl, zone }: { readonly publicUrl: string; readonly zone: string },
): Telling => {
  const { headline = 'A call was refused', urgent } = watched[code] ?? {};
  return {
    type: `security.${code}`,
    headline,
    facts: [
      { label: 'Person', value: outsideLine(personId) },
      ...(accountId === undefined ? [] : [{ label: 'Account', value: outsideLine(accountId) }]),
      ...(several ? [{ label: 'Account', value: 'many: further ones of this day are not told one by one' }] : []),
      { label: 'With', value: outsideLine(tool) },
      { label: 'Code', value: code },
      { label: 'First at', value: timeWords(at, zone) },
    ],
    link: {
      label: operationId === undefined ? 'See what was done' : 'See the change',
      href: `${publicUrl}${
        operationId === undefined
          ? `${routes.audit.path}?${new URLSearchParams({ person: personId })}`
          : `/operations/${encodeURIComponent(operationId)}`
      }`,
    },
    at,
    ...(urgent === undefined ? {} : { urgent }),
  };
};

/**
 * A region that only reads keeps records and no jobs: there the record goes without a notice. Where the store is away there is no
 * record either, and whoever acts must not.
 */
const unlessRefused = (error: unknown): 'no notice' => {
  if (error instanceof CountersignError && error.code !== 'store_unavailable') return 'no notice';
  throw error;
};

/**
 * The audit log, with a notice in the transaction of each record that somebody should look at.
 * @param telling the write that puts it into the queue under this key, once
 */
export const watchedAudit = (
  audit: Audit,
  now: () => Date,
  telling: (incident: Incident, key: string) => Together,
): Audit => {
  const told = new LRUCache<string, true>({ max: REMEMBERED });
  const gathered = gatherer();
  return {
    query: audit.query,
    appendWith: audit.appendWith.bind(audit),
    async append(event) {
      const found = incidentOf(event, now());
      const incident = found && gathered(found);
      const key = incident && incidentKey(incident);
      if (incident === undefined || key === undefined || told.has(key)) return audit.append(event);
      const record = await audit.appendWith(event, telling(incident, key)).catch(unlessRefused);
      // Undefined: another task has told it.
      if (record !== 'no notice') told.set(key, true);
      return record === undefined || record === 'no notice' ? audit.append(event) : record;
    },
  };
};
