/** What Google says of a call that it refuses, as an error for the caller. */
import { z } from 'zod';
import { CountersignError, type ErrorCode } from '../../../errors.ts';
import type { UpstreamAnswer } from '../../../ports/upstream.ts';
import { clean } from '../../../untrusted.ts';

// google.rpc.Status, https://cloud.google.com/apis/design/errors; `errors` is of the older form.
const Refused = z.looseObject({
  error: z.looseObject({
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

interface Meaning {
  readonly code: ErrorCode;
  /** The marketing system's own name for it. */
  readonly google: string;
  readonly remedy: string;
}

const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: 'invalid_input', google: 'INVALID_ARGUMENT', remedy: 'Correct the arguments.' },
  401: {
    code: 'credentials_required',
    google: 'GOOGLE_AUTH_EXPIRED',
    remedy: 'Send a new access token, or connect the Google account again.',
  },
  403: {
    code: 'access_denied',
    google: 'GOOGLE_PERMISSION_DENIED',
    remedy: 'Ask the owner at Google for access with this Google account.',
  },
  404: { code: 'not_found', google: 'NOT_FOUND', remedy: 'Check the id.' },
};
const limited: Meaning = { code: 'rate_limited', google: 'RATE_LIMITED', remedy: 'Wait before the next call.' };
const otherwise: Meaning = { code: 'upstream_error', google: 'UPSTREAM_ERROR', remedy: 'Try again later.' };

/** Google answers 403 for some quotas. */
const quotas: ReadonlySet<string> = new Set(['quotaExceeded', 'rateLimitExceeded', 'userRateLimitExceeded']);

const meaningOf = (status: number, reasons: readonly (string | undefined)[]): Meaning => {
  if (status === 429 || reasons.some((reason) => reason !== undefined && quotas.has(reason))) return limited;
  return meanings[status] ?? otherwise;
};

export const googleRefusal = ({ status, text, headers }: UpstreamAnswer): CountersignError => {
  const parsed = Refused.safeParse(jsonOf(text));
  const { message, errors = [] } = parsed.success ? parsed.data.error : {};
  const reasons = errors.map(({ reason }) => reason);
  const { code, google, remedy } = meaningOf(status, reasons);
  const seconds = Number(headers['retry-after']);
  const waits = code === 'rate_limited' && Number.isInteger(seconds) && seconds > 0;
  const said = message === undefined ? '' : ` It says: ${clean(message, 300)}`;
  return new CountersignError(code, `Google refused the call (${status}). ${remedy}${said}`, {
    details: { google_code: google, ...(waits && { retry_after_seconds: seconds }) },
  });
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
