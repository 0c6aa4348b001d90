/** Why a request is denied. The code is logged and nothing else: no message can carry a token or a key. */
export const reasons = [
  'configuration',
  'malformed_request',
  'unknown_route',
  'origin',
  'api_key',
  'secret_unreadable',
  'token_missing',
  'token_malformed',
  'token_expired',
  'token_audience',
  'token_invalid',
  'keys_unreadable',
  'scope',
  'employee',
  'fault',
] as const;
export type Reason = (typeof reasons)[number];

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;

  constructor(reason: Reason, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}
