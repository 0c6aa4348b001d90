/**
 * What a pack is given to open itself with, and what it is once it is open: data, which the service registers. Everything
 * that the platform makes for it as well is in its contract (contracts/packs/<pack>.ts).
 */
import type { Logger } from 'pino';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { PromptDefinition, ResourceDefinition } from '../mcp/content.ts';
import type { Tool } from '../mcp/tool.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { AccessStory, Accounts, AccountUser, NamedAccount } from '../ports/accounts.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Notify } from '../ports/notify.ts';
import type { Objects } from '../ports/objects.ts';
import type { Sns } from '../ports/sns.ts';
import type { Tables } from '../ports/tables.ts';
import type { Upstreams } from '../ports/upstream.ts';
import type { Worker } from '../ports/worker.ts';
import type { PackPage } from './page.ts';
import type { RecurringJob } from './recurring.ts';
import type { PackWebhook } from './webhook.ts';

/** What a pack is given to open itself with. */
export interface PackServices {
  readonly config: Config;
  /** The tables of its contract. Any other is refused. */
  readonly tables: Tables;
  /** State that may be lost. Keys are the pack's own: two packs may use one name. */
  readonly ephemeral: Ephemeral;
  /** HTTP clients of the APIs it calls, on hosts of its contract's `egress`. */
  readonly upstream: Upstreams;
  /** Credentials of the people for whom its tools run, at the providers of its contract. */
  readonly credentials: Credentials;
  readonly pipeline: Pipeline;
  /** Files of its own. For packs whose contract asks for the grant `objects`; others are refused. */
  readonly objects: Objects;
  /** Work that outlives a request. Jobs and schedules are the pack's own. */
  readonly jobs: Jobs;
  /** Has people told something, on the channels they chose. Operations are told of without it. */
  readonly notify: Notify;
  /** Mail addresses of people known to hold a scope. Empty where only the identity provider knows. */
  readonly holders: (scope: Scope) => readonly string[];
  /** Tells messages of Amazon SNS from what others made up. */
  readonly sns: Sns;
  readonly metrics: Metrics;
  /** Who may act on which account at the upstreams of its contract. */
  readonly accounts: Accounts;
  /** Its lines name the pack. */
  readonly log: Logger;
  readonly now: () => Date;
}

/** How something that the pack depends on is. Rejecting, or two seconds without an answer, means down. */
export type HealthProbe = () => Promise<'ok' | 'degraded'>;

/** What /health says beside how the service is. Anybody may read it. */
export type HealthFacts = Readonly<Record<string, string | number | boolean>>;

/** An open pack. Only tools are needed; they are exactly those of its contract. */
export interface Pack {
  readonly tools: readonly Tool[];
  readonly resources?: readonly ResourceDefinition[];
  readonly prompts?: readonly PromptDefinition[];
  /**
   * By upstream, the accounts that the operator has enabled, as far as this person may know. Calls that name another are
   * refused, approved or not. Without a list, calls may name what was approved for their person, and nothing where the
   * contract asks for no approval.
   */
  readonly accounts?: Readonly<Record<string, (person: AccountUser) => Promise<readonly Omit<NamedAccount, 'api'>[]>>>;
  readonly pages?: readonly PackPage[];
  /** CSS of its pages. */
  readonly styles?: string;
  readonly webhooks?: readonly PackWebhook[];
  /** Do the work of its jobs. */
  readonly workers?: readonly Worker[];
  /** Jobs that come by themselves. */
  readonly jobs?: readonly RecurringJob[];
  /** By name. The service stays ready while one of them is down, and /health says that it is degraded. */
  readonly health?: Readonly<Record<string, HealthProbe>>;
  /**
   * Of its sandbox: requests for access that a newcomer finds. They are asked and decided by the real steps, once, where demo people are
   * and the upstream's accounts need an approval.
   * @example
   * demonstrates: [{ by: 'ana', accounts: [shop], reason: 'The campaign of spring', days: 90, asked: 2 }],
   */
  readonly demonstrates?: readonly AccessStory[];
  /** For /health. Names are one namespace over all packs. */
  facts?(): HealthFacts;
  /** Gives back what opening took. Called once, after the last request. */
  close?(): Promise<void>;
}

/**
 * Opens a pack; service/src/packs/index.ts names it.
 * @throws an error whose message is for whoever operates the service, where its variables do not fit
 * @example
 * export const openNotes: OpenPack = async ({ config, tables, now }) => {
 *   const notes = createNotes({ tables, now, mostPerPerson: config.NOTES_PER_PERSON });
 *   return { tools: [listNotes(notes), addNote(notes)], pages: [notesPage(notes)] };
 * };
 */
export type OpenPack = (services: PackServices) => Promise<Pack>;
