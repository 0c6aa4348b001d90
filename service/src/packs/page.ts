/**
 * A page of a pack, as data: who may see it, where it is linked, and how it is made. http/ registers the pages of the enabled
 * packs, so a page knows no Fastify, no session and no cookie.
 */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ToolName } from '../../../contracts/packs/index.ts';
import type { PageRoute } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Person } from '../auth/caller.ts';
import type { RequestOrigin } from '../origin.ts';
import type { Html } from '../web/html.ts';

/** The signed-in person who looks. */
export interface PageVisitor {
  readonly person: Person;
  /** Everything this person's roles allow. */
  readonly scopes: ReadonlySet<Scope>;
  /** Value of the hidden field `csrf` that each form of the page must have. */
  readonly csrf: string;
  /**
   * Where the sign-in is too old for forms whose scope is elevated: an address that has the person sign in again and come back.
   * Show it in place of such a form, because what is typed there would be lost.
   */
  readonly signInAgain?: string;
}

/** What of the request a page is made from. */
export interface PageContext {
  /** Follows the request to every audit record. */
  readonly origin: RequestOrigin;
  /** Aborted after thirty seconds. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface Asked<Query> {
  readonly visitor: PageVisitor;
  /** Query of the address, as the page's schema gives it. */
  readonly query: Query;
  /** Values of the parameters in the path: `noteId` of `/notes/:noteId`. */
  readonly params: Readonly<Record<string, string>>;
  readonly context: PageContext;
}

/** What the service puts into its own layout. */
export interface PageContent {
  /** Of the browser's tab. Default: the page's own title. */
  readonly title?: string;
  /** Made with `html` of web/html.ts, which escapes what is put into it. */
  readonly main: Html;
  /** card: one narrow column for a single question. sheet: the full width, the default. */
  readonly width?: 'card' | 'sheet';
  /** Seconds after which the browser loads the page again. */
  readonly refresh?: number;
  /** HTTP status. Default 200; a form that is shown again with what to correct answers 400. */
  readonly status?: number;
}

/** After a form: where the browser goes, a path of this service. */
export interface PageRedirect {
  readonly redirect: string;
}

type Fields = z.ZodObject;

// Methods and not function properties, so that parameters are compared bivariantly: a page with its own query type is a
// PackPage without a cast. http/ parses with the page's schema before it calls.

/** What was sent with a form. */
export interface Submitted<Fields> extends Omit<Asked<never>, 'query'> {
  readonly fields: Fields;
  /**
   * Calls a tool as this person. It goes the way of an agent's call: scopes, accounts, budget, plan and audit record. A change
   * waits for its answer as ever.
   * @returns what the tool returns
   * @throws CountersignError what an agent would be refused with
   * @example
   * const { request_id } = await callTool('schedule_compliance_audit', fields);
   * return { redirect: `/approvals/${request_id}?planned=change` };
   */
  readonly callTool: (tool: ToolName, args: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;
}

/** What a form of the page does. The service accepts it only from a page that it showed to this person. */
export interface PageAction<In extends Fields = Fields> {
  /**
   * A POST route of the pack's contract. Its scope is asked for beside the page's. An elevated one takes a sign-in of the last
   * minutes: whoever has an older one signs in again and comes back to the page.
   */
  readonly route: PageRoute<Scope>;
  /** The form's fields, without `csrf`. A field that is not named here is left out. */
  readonly fields: In;
  /** Most bytes of the form. Default 65,536. */
  readonly maxBytes?: number;
  /** @throws CountersignError, which is answered with a page that shows its message */
  submit(asked: Submitted<z.output<In>>): Promise<PageContent | PageRedirect>;
}

export interface PackPage<Query extends Fields = Fields> {
  /** A GET route of the pack's contract. */
  readonly route: PageRoute<Scope>;
  readonly title: string;
  /** Its place in the header, for people who may see it. Default: none. */
  readonly nav?: {
    readonly label: string;
    /** Where it stands: Approvals 10, Operations 20, Audit 60, Apps 90. Default 50. */
    readonly order?: number;
  };
  /** Its card on the home page, for people who may see it. Default: none. */
  readonly home?: { readonly title: string; readonly text: string; readonly link: string };
  /** What it reads of the query. A parameter that is not named here is left out; a wrong one is answered with 400. */
  readonly query?: Query;
  /** @throws CountersignError, which is answered with a page that shows its message */
  show(asked: Asked<z.output<Query>>): Promise<PageContent>;
  readonly actions?: readonly PageAction[];
}

/**
 * @example
 * export const notesPage = (notes: Notes): PackPage =>
 *   definePage({
 *     route: contract.routes.notes, // { method: 'GET', path: '/notes', auth: 'page', scope: 'notes:read', rate: 20 }
 *     title: 'Notes',
 *     nav: { label: 'Notes' },
 *     query: z.object({ about: z.string().max(100).optional().catch(undefined) }),
 *     show: async ({ query }) => {
 *       const found = await notes.about(query.about);
 *       return { main: html`<h1>Notes</h1><ul>${found.map(({ text }) => html`<li>${text}</li>`)}</ul>` };
 *     },
 *   });
 */
export const definePage = <Query extends Fields = z.ZodObject>(page: PackPage<Query>): PackPage => page;

/** Gives a form's fields their types. See definePage. */
export const defineAction = <In extends Fields>(action: PageAction<In>): PageAction => action;
