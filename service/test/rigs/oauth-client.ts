/** An OAuth client as MCP clients are: registers itself, uses PKCE, names the resource. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Browser, Seen } from './browser.ts';

export const Tokens = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number(),
  scope: z.string().optional(),
  token_type: z.string(),
});
export type Tokens = z.infer<typeof Tokens>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
}

export const redirectUri = 'http://127.0.0.1:7777/callback';

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const json = text.startsWith('{') ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : { text };
  return { status: response.status, headers: response.headers, json };
};

export class OAuthClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly verifier = randomBytes(32).toString('base64url');

  constructor(issuer: string, clientId: string) {
    this.issuer = issuer;
    this.clientId = clientId;
  }

  static async register(issuer: string, metadata: Record<string, unknown> = {}): Promise<Answer> {
    const body = JSON.stringify({ client_name: 'Test agent', redirect_uris: [redirectUri], ...metadata });
    const headers = { 'content-type': 'application/json' };
    return answerOf(await fetch(`${issuer}/oauth/register`, { method: 'POST', body, headers }));
  }

  static async registered(issuer: string, metadata: Record<string, unknown> = {}): Promise<OAuthClient> {
    const { status, json } = await OAuthClient.register(issuer, metadata);
    if (status !== 201) throw new Error(`not registered: ${JSON.stringify(json)}`);
    return new OAuthClient(issuer, String(json.client_id));
  }

  authorizeUrl(parameters: Record<string, string | undefined> = {}): string {
    const all: Record<string, string | undefined> = {
      client_id: this.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'tag:read',
      state: 'xyz',
      resource: `${this.issuer}/mcp`,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `${this.issuer}/oauth/auth?${new URLSearchParams(given)}`;
  }

  /** Opens the authorization, signs in as the person where asked, and stops at the consent page, or where it ends. */
  async toConsent(
    browser: Browser,
    person: string,
    parameters: Record<string, string | undefined> = {},
  ): Promise<Seen> {
    const seen = await browser.open(this.authorizeUrl(parameters), redirectUri);
    return seen.url.pathname === '/sign-in' ? browser.submit(seen, { person }, redirectUri) : seen;
  }

  /** The whole way to a code. @param scopes ticked on the consent page; default what is asked for */
  async code(browser: Browser, person: string, scope = 'tag:read', scopes = scope.split(' ')): Promise<string> {
    const consent = await this.toConsent(browser, person, { scope });
    const back = await browser.submit(consent, { decision: 'allow', scope: scopes }, redirectUri);
    const code = back.url.searchParams.get('code');
    if (code === null) throw new Error(`no code at ${back.url.href} ${back.body}`);
    return code;
  }

  async token(parameters: Record<string, string>): Promise<Answer> {
    const body = new URLSearchParams({ client_id: this.clientId, ...parameters });
    return answerOf(await fetch(`${this.issuer}/oauth/token`, { method: 'POST', body }));
  }

  redeem(code: string, parameters: Record<string, string> = {}): Promise<Answer> {
    return this.token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: this.verifier,
      resource: `${this.issuer}/mcp`,
      ...parameters,
    });
  }

  refresh(refreshToken: string | undefined): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
  }

  async revoke(token: string): Promise<Answer> {
    const body = new URLSearchParams({ client_id: this.clientId, token });
    return answerOf(await fetch(`${this.issuer}/oauth/revoke`, { method: 'POST', body }));
  }

  /** Signs in, consents and redeems. @throws when any of it is refused */
  async connect(browser: Browser, person: string, scope = 'tag:read'): Promise<Tokens> {
    const { status, json } = await this.redeem(await this.code(browser, person, scope));
    if (status !== 200) throw new Error(`no tokens: ${status} ${JSON.stringify(json)}`);
    return Tokens.parse(json);
  }
}

/** Asks the rig's own protected route who the token's caller is. */
export const whoami = async (issuer: string, token: string | undefined, scope = ''): Promise<Answer> =>
  answerOf(
    await fetch(`${issuer}/whoami?${new URLSearchParams({ scope })}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    }),
  );
