/** A program that uses the REST facade with a token it was given. */

import { z } from 'zod';
import { Browser } from './browser.ts';
import { type Agent, type Structured, ToolFailure } from './clients.ts';
import { OAuthClient, type Tokens } from './oauth-client.ts';
import type { DemoPerson, Person } from './person.ts';

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

const Executed = z.looseObject({ result: z.record(z.string(), z.unknown()) });
const Refused = z.looseObject({
  error: z.looseObject({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).default({}),
  }),
});
const StepUp = z.looseObject({ step_up_url: z.string() });

/** An agent over the facade. It cannot step up: it hands its person the step_up_url, and calls again. */
export class RestAgent implements Agent {
  readonly rest: RestClient;
  readonly person: Person;
  /** Pages its person was sent to. */
  readonly sentTo: string[] = [];

  constructor(rest: RestClient, person: Person) {
    this.rest = rest;
    this.person = person;
  }

  static async connect(origin: string, person: Person): Promise<RestAgent> {
    return new RestAgent(await RestClient.connect(origin, person.name), person);
  }

  async call(tool: string, args: Record<string, unknown> = {}): Promise<Structured> {
    const first = await this.rest.execute(tool, args);
    const answer = (await this.#raised(first)) ? await this.rest.execute(tool, args) : first;
    if (answer.status === 200) return Executed.parse(answer.body).result;
    throw new ToolFailure(Refused.parse(answer.body).error);
  }

  async #raised({ body }: RestAnswer): Promise<boolean> {
    const stepUp = StepUp.safeParse(body);
    if (!stepUp.success) return false;
    this.sentTo.push(stepUp.data.step_up_url);
    await this.person.stepUp(stepUp.data.step_up_url);
    return true;
  }

  async tools(): Promise<string[]> {
    const { body } = await this.rest.get('/mcp/tools/list');
    return z
      .object({ tools: z.array(z.looseObject({ name: z.string() })) })
      .parse(body)
      .tools.map(({ name }) => name);
  }

  async close(): Promise<void> {}
}
