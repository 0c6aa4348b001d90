/**
 * Errors the service raises on purpose. Each code says who can mend it and how it is answered; everything else that is
 * thrown is a fault, logged with its id and answered with a fixed text.
 */

/** HTTP status of each code on the REST facade and on routes; MCP answers tool errors with isError and the code. */
const statusOf = {
  invalid_input: 400,
  invalid_signature: 401,
  unknown_tool: 404,
  not_found: 404,
  access_denied: 403,
  account_not_authorized: 403,
  credentials_required: 403,
  insufficient_scope: 403,
  self_approval_forbidden: 403,
  page_required: 403,
  untrusted_source: 403,
  already_decided: 409,
  request_expired: 409,
  arguments_changed: 409,
  policy_changed: 409,
  state_changed: 409,
  not_reversible: 409,
  conflict: 409,
  newer_version: 409,
  pack_disabled: 409,
  too_large: 413,
  budget_exhausted: 429,
  loop_detected: 429,
  rate_limited: 429,
  safety_limit_exceeded: 422,
  throttled: 503,
  store_unavailable: 503,
  not_home: 503,
  upstream_error: 502,
  internal_error: 500,
  timeout: 504,
  cancelled: 499,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** An error whose message is written for the caller: it names the field and the remedy and holds no secret. */
export class CountersignError extends Error {
  override readonly name = 'CountersignError';
  readonly code: ErrorCode;
  /** Facts for the caller beside the message, JSON values only. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The audit log has a record of it already; a second one would tell of one refusal as of two. */
  readonly recorded: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown>; recorded?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.recorded = options.recorded ?? false;
  }

  get status(): number {
    return statusOf[this.code];
  }
}
