/** A program that uses the REST facade with a token it was given. */
import { Browser } from './browser.ts';
import type { Structured } from './clients.ts';
import { OAuthClient, type Tokens } from './oauth-client.ts';
import type { DemoPerson } from './person.ts';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Structured;
}

const bodyOf = async (response: Response): Promise<Structured> => {
  const body: unknown = await response.json();
  return typeof body === 'object' && body !== null ? { ...body } : { body };
};

export class RestClient {
  readonly origin: string;
  readonly tokens: Tokens;
  /** For what the token belongs to: its client. */
  readonly oauth: OAuthClient;

  constructor(origin: string, tokens: Tokens, oauth: OAuthClient) {
    this.origin = origin;
    this.tokens = tokens;
    this.oauth = oauth;
  }

  /** Registers a client and lets the person allow it the scopes. */
  static async connect(origin: string, person: DemoPerson, scope = 'tag:read'): Promise<RestClient> {
    const oauth = await OAuthClient.registered(origin);
    return new RestClient(origin, await oauth.connect(new Browser(), person, scope), oauth);
  }

  async get(path: string): Promise<RestAnswer> {
    return this.#send(path, {});
  }

  async post(path: string, body: unknown, signal?: AbortSignal): Promise<RestAnswer> {
    const headers = { 'content-type': 'application/json' };
    return this.#send(path, { method: 'POST', body: JSON.stringify(body), headers, ...(signal && { signal }) });
  }

  /** POST /mcp/execute-tool. */
  execute(tool: string, params: Structured = {}, signal?: AbortSignal): Promise<RestAnswer> {
    return this.post('/mcp/execute-tool', { tool, params }, signal);
  }

  async #send(path: string, init: RequestInit): Promise<RestAnswer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.tokens.access_token}`);
    const response = await fetch(`${this.origin}${path}`, { ...init, headers });
    return { status: response.status, headers: response.headers, body: await bodyOf(response) };
  }
}
