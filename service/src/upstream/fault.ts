/** Why a try failed, before it is told to a caller: what a retry, the breaker and the metric go by. */
import type { UpstreamOutcome } from '../ports/upstream-calls.ts';

interface FaultParts {
  /** A word for people who operate: timeout, throttled, http_503, ECONNREFUSED. */
  readonly failure: string;
  /** Whether the API may have acted. */
  readonly sent: 'no' | 'unknown' | 'yes';
  readonly outcome: UpstreamOutcome;
  /** The API is not well: a read may be tried again, and the breaker counts it. */
  readonly unwell?: boolean;
  readonly status?: number;
  readonly retryAfterSeconds?: number | undefined;
  /** What the API said, without keys. */
  readonly said?: string;
}

/** Holds nothing of the request, and no error of a library: those quote URLs. */
export class UpstreamFault extends Error {
  /** What spans call it. */
  override readonly name: string;
  readonly parts: FaultParts;

  constructor(parts: FaultParts) {
    super(parts.failure);
    this.name = parts.failure;
    this.parts = parts;
  }
}

const codeOf = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : undefined;
};

/** Codes of connections that never stood, TLS included. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+)$/;

/** @param clocks what the try ran under: the caller's own signal, and its clock */
export const faultOf = (error: unknown, { caller, clock }: Readonly<Record<'caller' | 'clock', AbortSignal>>) => {
  if (error instanceof UpstreamFault) return error;
  if (caller.aborted) {
    const late = caller.reason instanceof Error && caller.reason.name === 'TimeoutError';
    return late
      ? new UpstreamFault({ failure: 'timeout', sent: 'unknown', outcome: 'error' })
      : new UpstreamFault({ failure: 'cancelled', sent: 'unknown', outcome: 'cancelled' });
  }
  if (clock.aborted) return new UpstreamFault({ failure: 'timeout', sent: 'unknown', outcome: 'error', unwell: true });
  const code = codeOf(error) ?? 'unknown_error';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new UpstreamFault({ failure: 'answer_too_large', sent: 'yes', outcome: 'error' });
  if (code === 'ADDRESS_REFUSED') return new UpstreamFault({ failure: code, sent: 'no', outcome: 'unsent' });
  if (code === 'UND_ERR_INVALID_ARG') return new UpstreamFault({ failure: code, sent: 'no', outcome: 'unsent' });
  const sent = neverConnected.test(code) ? 'no' : 'unknown';
  return new UpstreamFault({ failure: code, sent, outcome: 'error', unwell: true });
};
