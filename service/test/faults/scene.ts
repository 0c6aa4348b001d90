/** People of the sandbox who ask for changes and answer them, on every way there is. */

import { decodeJwt } from 'jose';
import type { Operation } from '../../src/operations/operation.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { generateEstate } from '../../src/packs/tagging/sandbox/generate.ts';
import { textOn } from '../rigs/browser.ts';
import { all, parseMarkup } from '../rigs/markup.ts';
import { type DemoPerson, Person } from '../rigs/person.ts';
import { everyone } from '../rigs/pipeline.ts';
import { type Mint, openMint } from './mint.ts';
import { rowsOf, startWatched, type Watched } from './watched.ts';
import { at, Caller, toolErrorOf } from './wire.ts';

/** Ways of answering an operation. */
export const ways = ['page', 'mcp', 'rest'] as const;
export type Way = (typeof ways)[number];

export interface Outcome {
  readonly status: number;
  /** What the answerer is told; a page tells it in its text. */
  readonly told: string;
  /** Absent on a page. */
  readonly code?: unknown;
}

/** Resources of the sandbox without an owner. */
export const untagged = generateEstate(new Date())
  .filter(({ state, tags }) => state !== 'terminated' && tags.Owner === undefined)
  .map(({ arn }) => arn);

/** A running service with people who ask for changes and answer them. */
export class Scene {
  readonly watched: Watched;
  readonly #mint: Mint;
  readonly #grants = new Map<string, Record<string, unknown>>();
  #asked = 0;
  #ahead = 0;

  constructor(watched: Watched, mint: Mint) {
    this.watched = watched;
    this.#mint = mint;
  }

  static async open(environment: Readonly<Record<string, string>> = {}, open?: OpenPack): Promise<Scene> {
    const watched = await startWatched({ environment }, open);
    return new Scene(watched, await openMint(watched.service.config, watched.tables));
  }

  advance(seconds: number): void {
    this.#ahead += seconds;
    this.watched.service.advance(seconds);
  }

  /** The person through a client of theirs, with a token that is fresh by the service's clock. */
  async caller(person: DemoPerson): Promise<Caller> {
    const claims = this.#grants.get(person) ?? decodeJwt((await this.watched.connect(person)).tokens.access_token);
    this.#grants.set(person, claims);
    const iat = Math.floor(Date.now() / 1000) + this.#ahead;
    const scope = 'tag:write tag:approve';
    return new Caller(this.watched.service.url, await this.#mint.sign({ ...claims, scope, iat, exp: iat + 600 }));
  }

  /** Asks for a change that nobody asked for yet. */
  async ask(person: DemoPerson = 'ana', arns = [untagged[this.#asked] ?? '']): Promise<Operation> {
    this.#asked++;
    const tags = { Owner: `team-${this.#asked}@example.com` };
    const answer = await (await this.caller(person)).tool('bulk_tag_resources', { resource_arns: arns, tags });
    return this.find(String(at(answer.json, 'result', 'structuredContent', 'request_id')));
  }

  async find(operationId: string): Promise<Operation> {
    const operation = await this.watched.service.running.pipeline.seenBy(everyone).get(operationId);
    if (operation === undefined) throw new Error(`there is no operation ${operationId}`);
    return operation;
  }

  /** Tags of a resource as the estate has them now. */
  async tagsOf(arn: string): Promise<unknown> {
    for await (const row of rowsOf(this.watched.tables, 'sandbox-resources'))
      if (row.arn === arn) return at(row, 'record', 'tags');
    throw new Error(`there is no resource ${arn}`);
  }

  /** Approves as a form, a tool call or a REST call does, whatever the page offers. */
  async approve(way: Way, person: DemoPerson, { operationId, approvalHash }: Operation): Promise<Outcome> {
    if (way === 'page') {
      const outcome = await this.post(person, operationId, { decision: 'approve', approval_hash: approvalHash });
      // The page answers before the change is applied.
      await this.watched.service.running.pipeline.idle(10_000);
      return outcome;
    }
    const caller = await this.caller(person);
    if (way === 'mcp') {
      const request = { request_id: operationId, action: 'approve', approval_hash: approvalHash };
      const answer = await caller.tool('approve_bulk_tagging_request', request);
      const error = toolErrorOf(answer);
      return { status: answer.status, told: String(error?.message ?? answer.text), code: error?.code };
    }
    const answer = await caller.rest('POST', '/mcp/confirm-operation', {
      operation_id: operationId,
      action: 'approve',
      approval_hash: approvalHash,
    });
    const message = String(at(answer.json, 'error', 'message') ?? answer.text);
    return { status: answer.status, told: message, code: at(answer.json, 'error', 'code') };
  }

  /** Posts an answer to the operation's page as a person who just signed in, with the proof of a form but not its limits. */
  async post(name: DemoPerson, operationId: string, fields: Readonly<Record<string, string>>): Promise<Outcome> {
    const person = new Person(name);
    const url = `${this.watched.service.url}/approvals/${operationId}`;
    const seen = await person.open(url);
    const csrf = all(parseMarkup(seen.body), 'input', { name: 'csrf' })[0]?.attributes.value ?? '';
    const body = new URLSearchParams({ csrf, comment: '', ...fields });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: this.watched.service.url };
    const answer = await person.browser.request(url, { method: 'POST', body, headers });
    return { status: answer.status, told: textOn(answer) };
  }

  /** Refusals of an operation on record, oldest first. */
  async refusals(operationId: string): Promise<string[]> {
    const { items } = await this.watched.service.running.audit.query({ operationId, limit: 100 });
    return items
      .filter(({ result }) => result === 'blocked')
      .map(({ userId, action, errorCode }) => `${userId} ${action} ${errorCode}`)
      .reverse();
  }

  /** Times the operation was begun and ended to be written, as the audit log has it. Messages about it are no writes of it. */
  async writes(operationId: string): Promise<string[]> {
    const { items } = await this.watched.service.running.audit.query({ operationId, limit: 100 });
    return items
      .filter(({ tool, action, result }) => tool !== 'notices' && action === 'write' && result !== 'blocked')
      .map(({ result }) => result)
      .reverse();
  }
}
