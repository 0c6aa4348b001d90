/** What Google Ads says of a call, or of single operations of a mutate, that it refuses. */
import { z } from 'zod';
import { CountersignError, type ErrorCode } from '../../../../errors.ts';
import type { Judgement, UpstreamAnswer } from '../../../../ports/upstream.ts';
import { clean } from '../../../../untrusted.ts';
import { googleRefusal, judgeGoogle } from '../refusal.ts';

// google.ads.googleads.errors.GoogleAdsFailure: https://developers.google.com/google-ads/api/docs/concepts/call-structure#errors
const AdsError = z.looseObject({
  /** One family of errors and its value: `{ fieldError: 'REQUIRED' }`. */
  errorCode: z.record(z.string(), z.string()).default({}),
  message: z.string().default(''),
  location: z
    .looseObject({
      fieldPathElements: z.array(z.looseObject({ fieldName: z.string(), index: z.int().optional() })).default([]),
    })
    .optional(),
  details: z
    .looseObject({ quotaErrorDetails: z.looseObject({ retryDelay: z.string().optional() }).optional() })
    .optional(),
});
type AdsError = z.infer<typeof AdsError>;

/** google.rpc.Status, whose details may be of other kinds beside. */
export const AdsStatus = z.looseObject({
  message: z.string().default(''),
  details: z.array(z.looseObject({ errors: z.array(AdsError).default([]) })).default([]),
});
export type AdsStatus = z.infer<typeof AdsStatus>;

/** Why one operation is refused. */
export interface OperationRefusal {
  /** Its index among the operations of the call. Absent: the call as a whole. */
  readonly operation?: number;
  /** The value of the error's family, such as DUPLICATE_NAME. */
  readonly code: string;
  /** Cleaned: what Google said, and of which field. */
  readonly message: string;
}

const fieldOf = ({ location }: AdsError): string =>
  (location?.fieldPathElements ?? [])
    .map(({ fieldName, index }) => (index === undefined ? fieldName : `${fieldName}[${index}]`))
    .join('.');

const refusalOf = (error: AdsError): OperationRefusal => {
  const at = error.location?.fieldPathElements.find(({ fieldName }) => fieldName === 'operations')?.index;
  const field = fieldOf(error);
  return {
    ...(at !== undefined && { operation: at }),
    code: clean(Object.values(error.errorCode)[0] ?? 'UNKNOWN', 80),
    message: clean(field === '' ? error.message : `${error.message} (${field})`, 300),
  };
};

export const refusalsIn = ({ details }: AdsStatus): OperationRefusal[] =>
  details.flatMap(({ errors }) => errors).map(refusalOf);

const Refused = z.looseObject({ error: AdsStatus });

const statusIn = ({ text }: UpstreamAnswer): AdsStatus | undefined => {
  try {
    return Refused.parse(JSON.parse(text)).error;
  } catch {
    // Not of Google Ads, such as a proxy's page.
    return undefined;
  }
};

const errorsIn = (answer: UpstreamAnswer): AdsError[] =>
  (statusIn(answer)?.details ?? []).flatMap(({ errors }) => errors);

/** A protobuf Duration such as `30s` or `0.5s`, in whole seconds. */
const secondsOf = (duration: string | undefined): number | undefined => {
  const [, seconds] = /^(\d{1,9}(?:\.\d+)?)s$/.exec(duration ?? '') ?? [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
};

/** Of Google Ads, a quota says in the failure how long to wait: https://developers.google.com/google-ads/api/docs/best-practices/quotas */
export const judgeAds = (answer: UpstreamAnswer): Judgement => {
  const quota = answer.ok ? undefined : errorsIn(answer).find(({ errorCode }) => errorCode.quotaError !== undefined);
  if (quota === undefined) return judgeGoogle(answer);
  const wait = secondsOf(quota.details?.quotaErrorDetails?.retryDelay);
  return { verdict: 'throttled', ...(wait !== undefined && { retryAfterSeconds: wait }) };
};

interface Meaning {
  readonly code: ErrorCode;
  readonly google: string;
  readonly remedy?: string;
}

/** Values that mean another error than the call's status, or ask for more than its remedy. */
const meanings: Readonly<Record<string, Meaning>> = {
  RESOURCE_NOT_FOUND: { code: 'not_found', google: 'NOT_FOUND', remedy: 'Check the id.' },
  CUSTOMER_NOT_FOUND: { code: 'not_found', google: 'NOT_FOUND', remedy: 'Check the customer id.' },
  CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION: {
    code: 'access_denied',
    google: 'GOOGLE_PERMISSION_DENIED',
    remedy: 'Operator: apply for an access level of the Google Ads API for the Cloud project.',
  },
  USER_PERMISSION_DENIED: {
    code: 'access_denied',
    google: 'GOOGLE_PERMISSION_DENIED',
    remedy:
      'This Google account has no access to the customer. Ask its owner, or the operator for the manager account in GOOGLE_ADS_LOGIN_CUSTOMER_ID.',
  },
};

/** The Google scope of all calls. */
const SCOPE = 'https://www.googleapis.com/auth/adwords';

/** @returns the error for the caller: what Google Ads said of each operation, with the field */
export const adsRefusal = (answer: UpstreamAnswer): CountersignError => {
  const plain = googleRefusal(answer, SCOPE);
  const said = refusalsIn(statusIn(answer) ?? { message: '', details: [] });
  const [first] = said;
  if (first === undefined) return plain;
  const meaning = said.map(({ code }) => meanings[code]).find((each) => each !== undefined);
  const message = `Google Ads refused the call (${answer.status}): ${first.code}: ${first.message}`;
  return new CountersignError(
    meaning?.code ?? plain.code,
    meaning?.remedy === undefined ? message : `${message} ${meaning.remedy}`,
    { details: { ...plain.details, ...(meaning && { google_code: meaning.google }), refusals: said.slice(0, 50) } },
  );
};
