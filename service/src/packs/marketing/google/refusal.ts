/** What Google says of a call that it refuses, as an error for the caller. */
import { z } from 'zod';
import { CountersignError, type ErrorCode } from '../../../errors.ts';
import type { Judgement, UpstreamAnswer } from '../../../ports/upstream.ts';
import { clean } from '../../../untrusted.ts';

// google.rpc.Status with ErrorInfo and RetryInfo, https://google.aip.dev/193; `errors` is of the older form.
const Refused = z.looseObject({
  error: z.looseObject({
    errors: z.array(z.looseObject({ reason: z.string().optional() })).default([]),
    details: z.array(z.looseObject({ reason: z.string().optional(), retryDelay: z.string().optional() })).default([]),
  }),
});

interface Said {
  readonly reasons: readonly string[];
  /** What the body asks to wait, whole seconds. */
  readonly retryAfterSeconds?: number | undefined;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A protobuf duration: `30s`, `1.5s`. */
const secondsIn = (duration: string | undefined): number | undefined => {
  const [, seconds] = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(duration ?? '') ?? [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
};

const saidIn = (text: string): Said => {
  const parsed = Refused.safeParse(jsonOf(text));
  if (!parsed.success) return { reasons: [] };
  const { errors, details } = parsed.data.error;
  return {
    reasons: [...errors, ...details].flatMap(({ reason }) => reason ?? []),
    retryAfterSeconds: details.flatMap(({ retryDelay }) => secondsIn(retryDelay) ?? [])[0],
  };
};

/** 403 of a limit per minute, after which a short wait helps. */
const paces: ReadonlySet<string> = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
/** 403 of a limit per day, where it does not. */
const quotas: ReadonlySet<string> = new Set(['quotaExceeded', 'dailyLimitExceeded']);

const has = (reasons: readonly string[], known: ReadonlySet<string>): boolean =>
  reasons.some((reason) => known.has(reason));

/** How an answer of Google counts: a 403 of a limit is a wait and no refusal, and the wait may be in the body. */
export const judgeGoogle = ({ status, headers, text }: UpstreamAnswer): Judgement => {
  if (status === 429 || status === 403) {
    const { reasons, retryAfterSeconds } = saidIn(text);
    if (status === 403 && !has(reasons, paces)) return { verdict: 'taken' };
    const inBody = headers['retry-after'] === undefined && retryAfterSeconds !== undefined;
    return { verdict: 'throttled', ...(inBody && { retryAfterSeconds }) };
  }
  // RFC 9110 15.6.2, 15.6.6: what is never served is not tried again.
  const failed = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return { verdict: failed ? 'failed' : 'taken' };
};

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
const limited: Meaning = {
  code: 'throttled',
  google: 'RATE_LIMITED',
  remedy: 'Its quota is used up: try again later.',
};
const otherwise: Meaning = { code: 'upstream_error', google: 'UPSTREAM_ERROR', remedy: 'Try again later.' };

/** The person allowed this service less than the call needs. */
const scopeMissing = (scope: string): Meaning => ({
  code: 'credentials_required',
  google: 'GOOGLE_PERMISSION_DENIED',
  remedy: `The Google credential does not cover it: allow ${scope}. Connect the Google account again on the page /apps with that part ticked, or send an access token that has it.`,
});

/** Of this service's API key or Cloud project, which no caller can mend. */
const ours: ReadonlySet<string> = new Set(['API_KEY_INVALID', 'API_KEY_SERVICE_BLOCKED', 'SERVICE_DISABLED']);
const notOpen: Meaning = {
  code: 'upstream_error',
  google: 'UPSTREAM_ERROR',
  remedy: 'Operator: the API key is not valid, or the API is not enabled in the Google Cloud project.',
};

const meaningOf = (status: number, reasons: readonly string[], scope: string | undefined): Meaning => {
  if (has(reasons, ours)) return notOpen;
  if (status === 403 && has(reasons, quotas)) return limited;
  if (status === 403 && scope !== undefined && reasons.includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT'))
    return scopeMissing(scope);
  return meanings[status] ?? otherwise;
};

/** Its message, from what the port kept of the answer: keys are taken out there. */
const messageIn = (answer: UpstreamAnswer): string | undefined => {
  const { said } = answer.refusal().details;
  const [, message] = /"message": ?"((?:[^"\\]|\\.)*)/.exec(typeof said === 'string' ? said : '') ?? [];
  return message?.replaceAll(/\\(["\\/])/g, '$1');
};

/** @param scope the Google scope that the call needs */
export const googleRefusal = (answer: UpstreamAnswer, scope?: string): CountersignError => {
  const { status, text } = answer;
  const { reasons, retryAfterSeconds } = saidIn(text);
  const message = messageIn(answer);
  const { code, google, remedy } = meaningOf(status, reasons, scope);
  const said = message === undefined ? '' : ` It says: ${clean(message, 300)}`;
  return new CountersignError(code, `Google refused the call (${status}). ${remedy}${said}`, {
    details: {
      google_code: google,
      ...(code === 'throttled' && retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    },
  });
};

const namesOfFailures: Readonly<Partial<Record<ErrorCode, string>>> = {
  throttled: 'RATE_LIMITED',
  credentials_required: 'GOOGLE_AUTH_EXPIRED',
  upstream_error: 'UPSTREAM_ERROR',
};

/** What the port threw instead of an answer, with the marketing system's name for it beside. */
export const googleFailure = (error: unknown): unknown => {
  if (!(error instanceof CountersignError) || error.details.google_code !== undefined) return error;
  const name = namesOfFailures[error.code];
  if (name === undefined) return error;
  return new CountersignError(error.code, error.message, { details: { ...error.details, google_code: name } });
};
