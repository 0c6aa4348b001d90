/** People's sign-ins on the service's own pages. The cookie holds a random id; the store holds only its hash. */
import { randomBytes } from 'node:crypto';
import type { Row } from '../../../contracts/tables.ts';
import type { Tables } from '../ports/tables.ts';
import type { Person } from './caller.ts';
import type { CookieJar } from './cookies.ts';
import { secretDigest } from './digest.ts';
import { StoredPerson } from './people.ts';

export interface WebSession {
  readonly person: Person;
  /** Epoch seconds of a sign-in that is proven to be from then; 0 where nothing proves it. */
  readonly authenticatedAt: number;
  /** Hash of the path the person signed in for; see isFreshFor. */
  readonly purposeHash?: string;
  /** Hidden field of every form the person is shown. */
  readonly csrfToken: string;
}

export interface SignIn {
  readonly person: Person;
  /** Epoch seconds, or 0 where nothing proves when it was. */
  readonly authenticatedAt: number;
  /** The path the person signs in for. */
  readonly purpose?: string;
}

/** How long a sign-in may raise scopes, so that a page can be read before its form is sent. */
const raisingSeconds = 600;

/** Whether a sign-in of then may still raise scopes. @param authenticatedAt epoch seconds */
export const isRaising = (authenticatedAt: number | undefined, now: Date): boolean =>
  now.getTime() / 1000 - (authenticatedAt ?? 0) <= raisingSeconds;

/** Whether the person signed in for exactly this path, and so for what it will do, and proved it minutes ago. */
export const isFreshFor = (
  { purposeHash, authenticatedAt }: Pick<WebSession, 'purposeHash' | 'authenticatedAt'>,
  path: string,
  now: Date,
): boolean => purposeHash === secretDigest(path) && isRaising(authenticatedAt, now);

export interface WebSessions {
  /**
   * Begins a session under a new id and ends the one the browser had, so that an id known before a sign-in is worth
   * nothing after it.
   * @param cookies the Cookie header of the request
   * @returns the Set-Cookie header
   */
  begin(signIn: SignIn, cookies: string | undefined): Promise<string>;
  /** The session of a Cookie header, if there is one and it has not ended. */
  find(cookies: string | undefined): Promise<WebSession | undefined>;
  /** Ends the session. @returns the Set-Cookie header that removes the cookie */
  end(cookies: string | undefined): Promise<string>;
}

interface Parts {
  readonly tables: Tables;
  readonly jar: CookieJar;
  readonly now: () => Date;
}

export const sessionCookie = 'countersign';
/** A working day. */
export const sessionSeconds = 8 * 3600;

const random = () => randomBytes(32).toString('base64url');

const read = (row: Row<'web-sessions'>): WebSession => ({
  person: StoredPerson.parse(row.person),
  authenticatedAt: row.authenticatedAt,
  ...(row.purposeHash !== undefined && { purposeHash: row.purposeHash }),
  csrfToken: row.csrfToken,
});

export const createWebSessions = ({ tables, jar, now }: Parts): WebSessions => {
  const seconds = () => Math.floor(now().getTime() / 1000);
  const keyOf = (cookies: string | undefined) => {
    const id = jar.read(cookies, sessionCookie);
    return id === undefined ? undefined : { sessionId: secretDigest(id) };
  };
  const remove = async (cookies: string | undefined): Promise<void> => {
    const key = keyOf(cookies);
    if (key) await tables.remove('web-sessions', key);
  };
  return {
    async begin({ person, authenticatedAt, purpose }, cookies) {
      await remove(cookies);
      const id = random();
      await tables.insert('web-sessions', {
        sessionId: secretDigest(id),
        userId: person.personId,
        person: { ...person, roles: [...person.roles] },
        authenticatedAt,
        ...(purpose !== undefined && { purposeHash: secretDigest(purpose) }),
        csrfToken: random(),
        expirationTime: seconds() + sessionSeconds,
      });
      return jar.write(sessionCookie, id, sessionSeconds);
    },
    async find(cookies) {
      const key = keyOf(cookies);
      const row = key && (await tables.get('web-sessions', key));
      return row && read(row);
    },
    async end(cookies) {
      await remove(cookies);
      return jar.remove(sessionCookie);
    },
  };
};
