/** A web request, as far as the web ACL looks at it. */
export interface WebRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, encoded. */
  readonly query?: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
