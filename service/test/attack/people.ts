/** The people of the sandbox, with an agent each, and what they send. Everything they do is noted in the truth. */

import { at, Caller } from '../faults/wire.ts';
import { Browser, type Seen } from '../rigs/browser.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { type DemoPerson, Person } from '../rigs/person.ts';
import type { Answered, Asked, Decision, Truth } from './truth.ts';

const scopes: Readonly<Record<DemoPerson, string>> = {
  ana: 'tag:read tag:write',
  max: 'tag:read tag:write tag:approve',
  ben: 'tag:read tag:approve',
  ada: 'tag:read tag:write tag:approve admin',
  vera: 'tag:read',
};
/** Milliseconds after which an agent signs in again: its access token lives five minutes. */
const TOKEN_MS = 200_000;

/** The result of a tool call, or undefined where the call failed. */
export const resultOf = (answer: { readonly json: unknown }): unknown => {
  const result = at(answer.json, 'result');
  return at(result, 'isError') === true ? undefined : at(result, 'structuredContent');
};

export class People {
  readonly origin: string;
  readonly #truth: Truth;
  readonly #agents = new Map<DemoPerson, { readonly token: string; readonly until: number }>();
  readonly #browsers = new Map<DemoPerson, Person>();

  constructor(origin: string, truth: Truth) {
    this.origin = origin;
    this.#truth = truth;
  }

  /** The person's agent, signed in anew where its token is about to end. */
  async agent(name: DemoPerson): Promise<Caller> {
    const known = this.#agents.get(name);
    if (known && known.until > Date.now()) return new Caller(this.origin, known.token);
    const oauth = await OAuthClient.registered(this.origin);
    const { access_token: token } = await oauth.connect(new Browser(), name, scopes[name]);
    this.#agents.set(name, { token, until: Date.now() + TOKEN_MS });
    return new Caller(this.origin, token);
  }

  /** The person's agent at one task, where it has a token already. */
  known(name: DemoPerson, origin: string): Caller | undefined {
    const agent = this.#agents.get(name);
    return agent && new Caller(origin, agent.token);
  }

  /** Asks for a change as an obedient agent does. @returns undefined where nothing came of it */
  async ask(
    name: DemoPerson,
    arns: readonly string[],
    more: object = {},
    owner = this.#truth.nextOwner(),
  ): Promise<Asked | undefined> {
    const agent = await this.agent(name);
    const answer = await agent
      .tool('bulk_tag_resources', { resource_arns: arns, tags: { Owner: owner }, ...more })
      .catch(() => undefined);
    const operationId = answer && at(resultOf(answer), 'request_id');
    if (typeof operationId !== 'string') return undefined;
    return this.#truth.asked.get(operationId) ?? this.#truth.ask({ operationId, by: name, arns, owner });
  }

  /** The very same request several times at once. @returns what came of it, each operation once */
  async askTogether(name: DemoPerson, arns: readonly string[], times: number, more: object): Promise<Asked[]> {
    const owner = this.#truth.nextOwner();
    const all = await Promise.all(Array.from({ length: times }, () => this.ask(name, arns, more, owner)));
    return [...new Set(all.filter((asked) => asked !== undefined))];
  }

  /** Asks for a change to be taken back. */
  async rollBack(name: DemoPerson, original: Asked): Promise<Asked | undefined> {
    const agent = await this.agent(name);
    const answer = await agent
      .tool('rollback_operation', { operation_id: original.operationId })
      .catch(() => undefined);
    const operationId = answer && at(resultOf(answer), 'operation_id');
    if (typeof operationId !== 'string') return undefined;
    const { operationId: reverts, arns } = original;
    return (
      this.#truth.asked.get(operationId) ?? this.#truth.ask({ operationId, by: name, arns, owner: undefined, reverts })
    );
  }

  /** The operation's page as a person sees it who just signed in. A page that does not load is loaded again, once. */
  async look(name: DemoPerson, operationId: string): Promise<Seen> {
    return this.#look(name, operationId).catch(() => this.#look(name, operationId));
  }

  async #look(name: DemoPerson, operationId: string): Promise<Seen> {
    const person = this.#browsers.get(name) ?? new Person(name);
    this.#browsers.set(name, person);
    const again = `/sign-in?again=1&return_to=${encodeURIComponent(`/approvals/${operationId}`)}`;
    const seen = await person.open(`${this.origin}/approvals/${operationId}`);
    return seen.body.includes('again=1') ? person.open(`${this.origin}${again}`) : seen;
  }

  /** Presses a button on a page that was looked at. Whether it counts is the service's to say. */
  async press(
    name: DemoPerson,
    page: Seen,
    operationId: string,
    decision: Decision,
    rightful = true,
  ): Promise<Answered> {
    const answer = this.#truth.answering(operationId, name, decision, rightful);
    const browser = this.#browsers.get(name)?.browser ?? new Browser();
    const comment = decision === 'deny' ? 'not this one' : '';
    try {
      const seen = await browser.submit(page, { decision, comment });
      answer.taken = seen.status === 200 && seen.url.searchParams.has('answered');
    } catch {
      // A task that dies over it leaves the person without an answer, and everybody without knowledge.
    }
    return answer;
  }

  /** Looks, and answers as a person who may. */
  async decide(name: DemoPerson, { operationId }: Asked, decision: Decision): Promise<Answered | undefined> {
    const page = await this.look(name, operationId).catch(() => undefined);
    if (page === undefined || !page.body.includes(`value="${decision}"`)) return undefined;
    return this.press(name, page, operationId, decision);
  }

  /** Where every operation stands that was asked for. */
  async statuses(): Promise<string[]> {
    const vera = await this.agent('vera');
    const found: string[] = [];
    for (const operationId of this.#truth.asked.keys()) {
      const answer = await vera.tool('get_operation', { operation_id: operationId });
      found.push(String(at(resultOf(answer), 'status') ?? 'unknown'));
    }
    return found;
  }
}
