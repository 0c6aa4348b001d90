/**
 * Download links: what may be downloaded, by whom and until when, signed by the service. Nothing of it depends on AWS
 * credentials, so a link does not end with the hours that those of a task live.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import { scopeNames } from '../../../contracts/scopes.ts';
import { CountersignError } from '../errors.ts';
import type { LinkOptions, LinkReaders, ObjectLink } from '../ports/objects.ts';
import { checkKey } from './keys.ts';

export interface LinkParts {
  /** Signs them; the same on every task. */
  readonly key: Uint8Array;
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** What a link says. */
export interface Linked {
  readonly key: string;
  readonly readers: LinkReaders;
  readonly fileName: string;
}

export interface Links {
  sign(key: string, options: LinkOptions): Promise<ObjectLink>;
  /** @throws not_found for what this service did not sign, request_expired for a link that has ended */
  read(link: unknown): Promise<Linked>;
}

const TYPE = 'countersign-download+jwt';
const DAY_SECONDS = 86_400;
const MOST_SECONDS = 30 * DAY_SECONDS;
const LONGEST_NAME = 150;

const Claims = z.object({
  key: z.string(),
  readers: z.union([z.strictObject({ person: z.string() }), z.strictObject({ scope: z.enum(scopeNames) })]),
  name: z.string(),
});

const secondsOf = (seconds: number): number => {
  if (Number.isInteger(seconds) && seconds >= 60 && seconds <= MOST_SECONDS) return seconds;
  throw new CountersignError('invalid_input', `A link lasts a whole number of seconds from 60 to ${MOST_SECONDS}`);
};

export const createLinks = ({ key: secret, publicUrl, now }: LinkParts): Links => ({
  sign: async (key, { readers, seconds = DAY_SECONDS, fileName }) => {
    const ends = Math.floor(now().getTime() / 1000) + secondsOf(seconds);
    const name = (fileName ?? key.split('/').at(-1) ?? key).slice(0, LONGEST_NAME);
    const token = await new SignJWT({ key: checkKey(key), readers, name })
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setExpirationTime(ends)
      .sign(secret);
    return { url: `${publicUrl}${routes.download.path}?link=${token}`, expiresAt: new Date(ends * 1000).toISOString() };
  },
  read: async (link) => {
    try {
      const { payload } = await jwtVerify(String(link), secret, {
        algorithms: ['HS256'],
        typ: TYPE,
        currentDate: now(),
        requiredClaims: ['exp'],
      });
      const { key, readers, name } = Claims.parse(payload);
      return { key: checkKey(key), readers, fileName: name };
    } catch (error) {
      // jose looks at the signature first: only who once had the link learns when it ended.
      if (error instanceof errors.JWTExpired)
        throw new CountersignError(
          'request_expired',
          `This link ended at ${new Date(Number(error.payload.exp) * 1000).toISOString()}. Ask for a new one where you got it.`,
        );
      throw new CountersignError('not_found', 'This link leads nowhere. Copy it whole, or ask for a new one.');
    }
  },
});
