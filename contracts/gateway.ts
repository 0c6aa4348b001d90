/**
 * What CloudFront, API Gateway and its authorizer say about a request, and under which names. The platform sends it,
 * the authorizer and the service read it.
 */
import { z } from 'zod';
import type { RouteContract } from './route.ts';

/** CloudFront puts a secret value into this header; whoever comes past CloudFront does not know it. */
export const originVerifyHeader = 'x-origin-verify';

/** What the authorizer found out about a caller, and the header the service is told it in. */
export const callerHeaders = {
  userId: 'x-countersign-user-id',
  agency: 'x-countersign-agency',
  role: 'x-countersign-role',
  employeeId: 'x-countersign-employee-id',
} as const;
export type CallerFact = keyof typeof callerHeaders;
export type CallerFacts = { readonly [F in CallerFact]?: string };
export const callerFacts = Object.keys(callerHeaders) as CallerFact[];

/** The address API Gateway was called from: it does not pass X-Forwarded-For on through a VPC link. */
export const clientAddressHeader = 'x-countersign-client-address';

/** No client may send any of these: the gateway overwrites or removes each. */
export const gatewayHeaders: readonly string[] = [...Object.values(callerHeaders), clientAddressHeader];

// A fact is never empty on the wire: that an empty one overwrites what a client sent is written nowhere.
const absent = '-';

/** A fact as a header's value: printable ASCII, percent-encoded where it is not. */
export const encodeFact = (value: string | undefined): string =>
  value === undefined || value === ''
    ? absent
    : value
        .slice(0, 256)
        .toWellFormed()
        .replaceAll(/[^\x21-\x24\x26-\x7e]/gu, encodeURIComponent);

/** The fact that `encodeFact` made a value of; undefined for none, and for what it cannot have made. */
export const decodeFact = (value: string | undefined): string | undefined => {
  if (value === undefined || value === '' || value === absent) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};

/** API Gateway's name of a route: `GET /interaction/{uid}`, `ANY /oauth/{proxy+}`. */
export const routeKey = ({ method, path }: RouteContract): string =>
  `${method} ${path.replaceAll(/:(\w+)/g, '{$1}').replace(/\/\*$/, '/{proxy+}')}`;

const key = z
  .string()
  .min(16)
  .max(512)
  .regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'must be printable, without space and comma');

/** A secret that is shared with a caller: while it is rotated, the one before it is as good. */
export const TwoKeys = z.strictObject({ current: key, previous: key.optional() });
export type TwoKeys = z.infer<typeof TwoKeys>;

/** SHA-256, in hex, of the values that CloudFront may send: enough to know one by, and no secret. */
export const OriginHashes = z
  .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be SHA-256 in hex'))
  .min(1)
  .max(2);
