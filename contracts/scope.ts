/** How one OAuth scope is described. */
export interface ScopeContract {
  /** What a person reads on the consent page. */
  readonly description: string;
  /** Scopes that a token with this one also has, and through them theirs. */
  readonly implies: readonly string[];
  /** An elevated scope needs a fresh sign-in and its tokens are short-lived. */
  readonly elevated: boolean;
}
