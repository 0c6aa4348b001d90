/** What the stand-in refuses, as Google Ads says it. */
import type { StandInAnswer } from '../stand-in.ts';

export interface AdsError {
  readonly errorCode: Readonly<Record<string, string>>;
  readonly message: string;
  readonly location?: {
    readonly fieldPathElements: readonly { readonly fieldName: string; readonly index?: number }[];
  };
  readonly details?: unknown;
}

/** google.rpc.Status of a code: https://cloud.google.com/apis/design/errors#error_model */
const rpcCodes = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNAUTHENTICATED: 16,
};
const httpStatus = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  UNAUTHENTICATED: 401,
};
type RpcStatus = keyof typeof rpcCodes;

export const adsError = (family: string, value: string, message: string, ...path: readonly string[]): AdsError => ({
  errorCode: { [family]: value },
  message,
  ...(path.length > 0 && { location: { fieldPathElements: path.map((fieldName) => ({ fieldName })) } }),
});

/** The same error of one operation among several. */
export const ofOperation = (at: number, { location, ...error }: AdsError): AdsError => ({
  ...error,
  location: {
    fieldPathElements: [{ fieldName: 'operations', index: at }, ...(location?.fieldPathElements ?? [])],
  },
});

export class AdsRefusal extends Error {
  readonly status: RpcStatus;
  readonly errors: readonly AdsError[];
  constructor(status: RpcStatus, ...errors: readonly AdsError[]) {
    super(errors[0]?.message ?? status);
    this.status = status;
    this.errors = errors;
  }
}

const details = (version: string, errors: readonly AdsError[]) => [
  {
    '@type': `type.googleapis.com/google.ads.googleads.${version}.errors.GoogleAdsFailure`,
    errors,
    requestId: 'sandbox-request',
  },
];

const saidOf: Partial<Record<RpcStatus, string>> = {
  INVALID_ARGUMENT: 'Request contains an invalid argument.',
  PERMISSION_DENIED: 'The caller does not have permission',
};

export const refusalAnswer = (version: string, { status, errors, message }: AdsRefusal): StandInAnswer => ({
  status: httpStatus[status],
  body: {
    error: {
      code: httpStatus[status],
      message: saidOf[status] ?? message,
      status,
      ...(errors.length > 0 && { details: details(version, errors) }),
    },
  },
});

export const partialFailure = (version: string, errors: readonly AdsError[]) => ({
  code: rpcCodes.INVALID_ARGUMENT,
  message: `Multiple errors in ‘details’. First error: ${errors[0]?.message ?? ''}`,
  details: details(version, errors),
});
