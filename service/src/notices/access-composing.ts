/** Who is told of access to accounts, looked up at the moment it is sent: whose it is, and those who decide about it then. */
import { type Matter, matterOf } from '../accounts/authority.ts';
import { accountNamed, nameOf } from '../accounts/parts.ts';
import { type AccessRequest, type ApprovalRow, holdsForItsPerson, isOverdue } from '../accounts/rows.ts';
import { Principal } from '../operations/operation.ts';
import { isSamePerson } from '../operations/same-human.ts';
import { accessTelling, requestTelling } from './access-telling.ts';
import type { Compose, ComposeParts } from './parts.ts';
import type { Reader } from './readers.ts';
import type { NoticeCause } from './work.ts';

type OfRequest = Extract<NoticeCause, { of: 'access-request' }>;
type OfAccess = Extract<NoticeCause, { of: 'access' }>;

type Parts = Pick<ComposeParts, 'access' | 'publicUrl' | 'zone' | 'now'>;

/** Those who read a shared channel are of no team: they decide where all of them are admins. */
const actorOf = ({ person, scopes }: Reader) => ({ ...(person ?? { personId: '', name: '', email: '' }), scopes });

const decides = ({ access }: Parts, reader: Reader, matter: Matter): boolean =>
  access.authority(actorOf(reader), matter) !== undefined;

const isTold = ({ notice }: OfRequest, request: AccessRequest, now: Date): boolean => {
  switch (notice) {
    case 'waiting':
    case 'reminder':
    case 'expiring':
      return request.status === 'PENDING' && !isOverdue(request, now);
    case 'approved':
      return request.status === 'APPROVED';
    case 'rejected':
      return request.status === 'REJECTED';
    case 'expired':
      return request.status === 'EXPIRED';
  }
};

const didIt = (by: string | undefined, { person }: Reader): boolean => person !== undefined && nameOf(person) === by;

export const composingRequest = async (parts: Parts, cause: OfRequest): Promise<Compose> => {
  const request = await parts.access.look(cause.requestId);
  if (request === undefined || !isTold(cause, request, parts.now())) return async () => undefined;
  const waits = request.status === 'PENDING';
  const concerns = { personId: request.requester.personId, ...accountNamed(request.accounts) };
  return async (reader) => {
    const { person } = reader;
    if (person !== undefined && isSamePerson(person, request.requester))
      return waits
        ? undefined
        : { telling: requestTelling(cause, request, 'person', parts), topics: ['outcomes'], concerns };
    if (!decides(parts, reader, matterOf(request)) || didIt(request.decidedBy, reader)) return undefined;
    // Another subject of the human who asked is told by their own name, and is asked nothing.
    if (person !== undefined && waits && parts.access.refusalOfOwn(actorOf(reader), request) !== undefined)
      return undefined;
    return {
      telling: requestTelling(cause, request, 'others', parts),
      topics: [waits ? 'waiting' : 'access'],
      concerns,
    };
  };
};

const rowsOf = ({ notice, until, account }: OfAccess, rows: readonly ApprovalRow[], now: Date): ApprovalRow[] => {
  switch (notice) {
    case 'revoked':
      return rows.filter(
        ({ accountKey, status, endedAt }) => accountKey === account && status === 'REVOKED' && endedAt === until,
      );
    case 'ending':
      return rows.filter((row) => row.expiresAt === until && holdsForItsPerson(row, now));
    case 'ended':
      // Those that the same work has not marked yet have ended as well.
      return rows.filter((row) => row.expiresAt === until && row.status !== 'REVOKED' && !holdsForItsPerson(row, now));
  }
};

const personOf = (rows: readonly ApprovalRow[]): Pick<Principal, 'name'> | undefined =>
  rows.map(({ person }) => Principal.safeParse(person).data).find((one) => one !== undefined);

export const composingAccess = async (parts: Parts, cause: OfAccess): Promise<Compose> => {
  const rows = rowsOf(cause, await parts.access.approvalsOf(cause.userId), parts.now());
  if (rows.length === 0) return async () => undefined;
  const name = personOf(rows)?.name ?? cause.userId;
  const concerns = { personId: cause.userId, ...accountNamed(rows) };
  return async (reader) => {
    if (cause.notice === 'revoked' && didIt(rows[0]?.endedBy, reader)) return undefined;
    if (reader.person?.personId === cause.userId)
      return { telling: accessTelling(cause, rows, undefined, parts), topics: ['outcomes'], concerns };
    const theirs = rows.filter(({ api, team }) => decides(parts, reader, { apis: [api], team }));
    return theirs.length === 0
      ? undefined
      : { telling: accessTelling(cause, theirs, name, parts), topics: ['access'], concerns };
  };
};
