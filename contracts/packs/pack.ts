/**
 * What a tool pack is: everything that the platform makes for it and that the service serves of it, as data. The platform and
 * the service derive the rest from the packs that an environment enables; nothing outside a pack's own files and the two
 * registries (contracts/packs/index.ts, service/src/packs/index.ts) names a pack.
 */
import type { MetricContract } from '../metric.ts';
import type { ProviderContract } from '../provider.ts';
import type { RouteContract } from '../route.ts';
import type { ScopeContract } from '../scope.ts';
import type { SettingContract } from '../settings/setting.ts';
import type { TableContract } from '../table.ts';
import type { VariableContract } from '../variable.ts';

type Named<T> = Readonly<Record<string, T>>;

/** Roles that a pack gives scopes to. An admin has every scope. */
export type PackRole = 'viewer' | 'analyst' | 'approver';

/**
 * The kind of a tool, and the permissions it needs. A query reads. A change is planned, countersigned, applied and reverted by
 * the pipeline. An act changes something small of the pack's own at once: it is audited before and after, and nobody is asked.
 * A decision confirms, approves or denies operations of the pack's changes.
 */
export interface ToolContract<
  Scope extends string = string,
  Action extends string = string,
  Provider extends string = string,
> {
  readonly kind: 'query' | 'change' | 'act' | 'decision';
  /** The scope a call needs: of a change the one that asks for it, confirms it and rolls it back. */
  readonly scope: Scope;
  /** Of a change: the scope whose holders see its operations. */
  readonly read?: Scope;
  /** Of a change: the scope whose holders countersign it. */
  readonly approve?: Scope;
  /** IAM actions the tool may call, each with a reach in `actions`. */
  readonly actions: readonly Action[];
  /** The provider on which it acts with the credential of the person who asks. Default: none. */
  readonly provider?: Provider;
}

/**
 * What an IAM action may touch. everywhere: IAM lets it name no resource (Service Authorization Reference). assumed: the roles
 * that `assumes` names. Otherwise ARNs, in which {account} stands for the environment's account.
 */
export type Reach = 'everywhere' | 'assumed' | readonly string[];

export interface ActionContract {
  /** What it may touch, or that for each value which the setting of `chooses` can choose. */
  readonly reach: Reach | { readonly chosen: Named<Reach> };
  /** It changes something. Such actions are allowed in the regions of `writesIn` only, and denied on Countersign's own resources. */
  readonly writes?: true;
  /** The action writes to what belongs to a whole account. The role may use it in us-east-1 only, whatever `writesIn` says. */
  readonly global?: true;
  /** It is asked with the service's own role alone, so the role of a member account (`npm run member-role`) does not allow it. */
  readonly homeOnly?: true;
  /** Settings of the pack that are on or off: the role gets it where one of them is on. Default: always. */
  readonly where?: readonly string[];
}

/** Where the value of a variable comes from on the platform. Lists are joined by commas; what is absent stays unset. */
export type VariableSource<Setting extends string = string> =
  /** A setting of the environment, and where it is empty, its own region. */
  | { readonly setting: Setting; readonly otherwise?: 'region' }
  /** Always the same. */
  | { readonly value: string };

export interface SecretContract {
  /** `name:key` in Secrets Manager: a secret's name after secret_prefix, and a key of its JSON. The platform makes it empty. */
  readonly from: string;
}

/** Parts of the platform that a pack may use besides its own. objects: in the data bucket, which is then made, below packs/<pack>/. */
export type PackGrant = 'objects';

/** What becomes of the objects of a folder by themselves. The rest stays until the pack removes it. */
export interface ObjectsRule {
  /** Days after which an object is removed, counted from its last write. It may be there for a day longer. */
  readonly removeAfterDays?: number;
  /** Where the bucket has versions: days after which what was written over or removed is gone for good. */
  readonly keepVersionsDays?: number;
}

/** A page of signed-in people, or a form of one. */
export interface PageRoute<Scope extends string = string> extends Pick<RouteContract, 'path' | 'rate' | 'sandboxOnly'> {
  readonly method: 'GET' | 'POST';
  readonly auth: 'page';
  /** The scope a person needs to see it. */
  readonly scope?: Scope;
}

/** Most bytes of a webhook's message, unless its route says otherwise. Standard Webhooks recommends less than 20 kB. */
export const WEBHOOK_BYTES = 65_536;

interface WebhookAddress extends Pick<RouteContract, 'path' | 'rate'> {
  readonly method: 'POST';
  readonly auth: 'webhook';
  /** Most bytes of a message. Default WEBHOOK_BYTES. */
  readonly mostBytes?: number;
}

/** The sender signs by Standard Webhooks. Choose it wherever you can choose. */
export interface SignedWebhookRoute<Secret extends string = string> extends WebhookAddress {
  readonly scheme?: 'standard-webhooks';
  /** The secret with the sender's key, `whsec_...`. Unset, the webhook is not served. */
  readonly secret: Secret;
}

/**
 * The sender signs nothing, and sends `Authorization: Bearer <token>`, as Alertmanager does. Such a message has no id and no
 * time: the pack is handed every repetition, and whoever reads the token can send what they like. The platform's authorizer
 * and web ACL must leave the header alone, because the token is not one of an MCP client.
 */
export interface TokenWebhookRoute<Secret extends string = string> extends WebhookAddress {
  readonly scheme: 'bearer';
  /** The secret with the token, of at least 32 characters. Unset, the webhook is not served. */
  readonly secret: Secret;
}

/**
 * The sender is Amazon SNS, which signs with a certificate of its own region. Subscriptions are not confirmed by the service. It
 * needs `https://sns.<region>.amazonaws.com` of each topic's region, for the certificate.
 */
export interface SnsWebhookRoute<Variable extends string = string> extends WebhookAddress {
  readonly scheme: 'sns';
  /** The variable, a list, with the ARNs of the topics whose messages are taken. Empty, the webhook is not served. */
  readonly topics: Variable;
}

/** A webhook, by how its sender proves to be the sender. */
export type WebhookRoute<Secret extends string = string, Variable extends string = string> =
  | SignedWebhookRoute<Secret>
  | TokenWebhookRoute<Secret>
  | SnsWebhookRoute<Variable>;

export type PackRoute<Scope extends string = string, Secret extends string = string, Variable extends string = string> =
  | PageRoute<Scope>
  | WebhookRoute<Secret, Variable>;

/** Which calls that name an account need an approval of it for their person: none, those that change something, or all. */
export type AccountApproval = 'none' | 'changes' | 'all';

/** An upstream whose accounts calls name. Its name stands in tables and answers, before the account: `GoogleAds:1234567890`. */
export interface UpstreamContract<Variable extends string = string> {
  /** Its name for people. */
  readonly title: string;
  /** What every account id looks like, in its only spelling, from the first character to the last. */
  readonly id: RegExp;
  /**
   * The only spelling of an id that somebody asks for access to, from how people write it. Tools make the same of their arguments.
   * Default: as it was written.
   * @example (written) => written.replaceAll('-', '')
   */
  readonly spelling?: (written: string) => string;
  /** An id as people would write it. */
  readonly example: string;
  /** Or the variable that says so: a choice of these values. */
  readonly approval: AccountApproval | { readonly variable: Variable };
}

/** Upstreams with accounts, and who has to do with approvals of them. */
export interface AccountsContract<Scope extends string = string, Variable extends string = string> {
  /** The scope whose holders ask for access. */
  readonly read: Scope;
  /** The scope whose holders decide requests of their own team. Admins decide all. */
  readonly decide: Scope;
  /** Names are letters and digits, one namespace over all packs. */
  readonly upstreams: Named<UpstreamContract<Variable>>;
}

/** The pack acts on no account of anybody's. The text says why. */
export interface NoAccounts {
  readonly none: string;
}

/** An alarm on a metric of the pack's own, summed or at its highest over a period. */
export interface AlarmContract<Metric extends string = string, Setting extends string = string> {
  readonly metric: Metric;
  /** Values of all its dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum' | 'Average';
  readonly sounds: 'above' | 'below';
  /** The number itself, or the setting that holds it. */
  readonly threshold: number | { readonly setting: Setting };
  /** Seconds of a period, and how many in a row. */
  readonly period: number;
  readonly periods: number;
  readonly topic: 'ops' | 'security' | 'admin';
  /** What is wrong, and what to do first. */
  readonly meaning: string;
}

type Names<C, K extends string> = C extends Readonly<Record<K, infer M>> ? keyof M & string : never;

interface Members<
  Scope extends string,
  Action extends string,
  Variable extends string,
  Setting extends string,
  Metric extends string,
  Secret extends string,
  Provider extends string,
> {
  /** Its name for people: on pages, in the consent, as the heading of its settings. */
  readonly title: string;
  /** What it is for, one sentence. */
  readonly description: string;
  /** A first question to an agent, as a person would say it. `npm start` prints it. */
  readonly firstQuestion?: string;
  /** Lines that a model reads when it connects, after those of the service itself. */
  readonly instructions?: readonly string[];
  /** Names begin with a word of the pack's own: `tag:read`. A read scope implies operations:read, a write scope operations:write. */
  readonly scopes: Named<ScopeContract>;
  /** The scopes each role has in this pack. Admins have all of them. */
  readonly roles: Readonly<Record<PackRole, readonly Scope[]>>;
  /** A tool that only admins of the whole service may use has the scope `admin`, which is no pack's own. */
  readonly tools: Named<ToolContract<Scope | 'admin', Action, Provider>>;
  /**
   * The upstreams whose accounts its calls name. The service lets a call through only when its person may act on each account
   * that it names, and asks again for the accounts of its plan: before the operation is kept, and before it is applied.
   */
  readonly accounts: AccountsContract<Scope, Variable> | NoAccounts;
  readonly actions?: Named<ActionContract>;
  /** Roles of other accounts that it assumes: the settings with the accounts, the role's name and the external id. */
  readonly assumes?: { readonly accounts: Setting; readonly role: Setting; readonly externalId: Setting };
  /** The setting with the regions in which actions that write are allowed. Empty: the environment's own region. */
  readonly writesIn?: Setting;
  /**
   * The setting that chooses what the pack acts on at its upstream. `every` is the word for everything; `otherwise` is chosen where
   * the setting is empty. An action whose reach says `chosen` is granted only where one of its values is chosen.
   */
  readonly chooses?: { readonly setting: Setting; readonly every: string; readonly otherwise: readonly string[] };
  readonly tables?: Named<TableContract>;
  readonly variables?: Named<VariableContract>;
  /** The variable that says whether it acts on its sandbox or on the real upstream, and what the real one needs. */
  readonly upstream?: {
    readonly variable: Variable;
    readonly sandbox: string;
    readonly real: string;
    /** Variables that must be set for the real upstream, of this pack or of the service. */
    readonly realNeeds: readonly string[];
  };
  /** Where its variables come from on the platform; its secrets fill theirs themselves. */
  readonly environment?: Readonly<Partial<Record<Variable, VariableSource<Setting>>>>;
  readonly settings?: Named<SettingContract>;
  /** Secrets that it reads, by the variable that each is injected as. */
  readonly secrets?: Readonly<Partial<Record<Variable, SecretContract>>>;
  /** Upstreams on which its tools act with people's own credentials. */
  readonly providers?: Named<ProviderContract<Variable, Secret>>;
  readonly grants?: readonly PackGrant[];
  /** By folders of its objects, as it names them: `temp/`, or empty for all. Where several hold, the shortest time counts. */
  readonly objects?: Named<ObjectsRule>;
  readonly routes?: Named<PackRoute<Scope | 'admin', Secret, Variable>>;
  /** Hosts it calls besides AWS. */
  readonly egress?: readonly string[];
  readonly metrics?: Named<MetricContract>;
  /** By the kind of the alarm, the heading of its part of docs/runbooks/alarms.md. */
  readonly alarms?: Named<AlarmContract<Metric, Setting>>;
}

/** Any pack. */
export type PackContract = Members<string, string, string, string, string, string, string>;

type Consistent<C> = Members<
  Names<C, 'scopes'>,
  Names<C, 'actions'>,
  Names<C, 'variables'>,
  Names<C, 'settings'>,
  Names<C, 'metrics'>,
  Names<C, 'secrets'>,
  Names<C, 'providers'>
>;

/**
 * Makes a contract whose members fit one another. A role's scope, a tool's action, a secret's variable or an alarm's metric that
 * the pack does not declare is a compile error.
 * @example
 * export const notes = definePack({
 *   title: 'Notes',
 *   description: 'Notes of the team.',
 *   scopes: { 'notes:read': { description: 'Read notes', implies: ['operations:read'], elevated: false } },
 *   roles: { viewer: ['notes:read'], analyst: ['notes:read'], approver: ['notes:read'] },
 *   tools: { list_notes: { kind: 'query', scope: 'notes:read', actions: [] } },
 *   accounts: { none: 'Notes are of the team, not of an account.' },
 * });
 */
export const definePack = <const C extends PackContract>(contract: C & Consistent<NoInfer<C>>): C => contract;
