/** Serves every page with fixture props behind the service's own headers and assets, and keeps what forms send. */
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { packNames } from '../../../contracts/packs/index.ts';
import { scopesOfRoles } from '../../../contracts/scopes.ts';
import { addPageHeaders } from '../../src/http/page-headers.ts';
import { addAssets } from '../../src/http/pages/assets.ts';
import { budgetsView } from '../../src/packs/marketing/pages/budgets-view.ts';
import { type ComplianceProps, complianceView } from '../../src/packs/tagging/pages/compliance-view.ts';
import * as web from '../../src/web/index.ts';
import { page } from '../../src/web/layout.ts';
import { alertPages } from './alert-fixtures.ts';
import { accounts, appsProps, hostileAppsProps } from './apps-fixtures.ts';
import { budgetsProps } from './budget-fixtures.ts';
import { complianceProps, composition } from './compliance-fixtures.ts';
import * as fixtures from './fixtures.ts';
import { hostileJobsProps, jobsProps } from './jobs-fixtures.ts';
import { noticesProps, sentProps } from './notices-fixtures.ts';
import { taggingPages } from './tagging-fixtures.ts';

const { frame, strangerFrame, now, operation } = fixtures;

const operations = [
  fixtures.waitingProps().operation,
  operation(3, { status: 'awaiting-confirmation', countersign: 'same-person' }),
  fixtures.appliedProps().operation,
  operation(1, { status: 'denied' }),
  operation(450, { status: 'expired' }),
];

const compliance = (props: ComplianceProps): string =>
  page({ frame, title: 'Tag compliance', current: '/compliance', width: 'sheet', main: complianceView(props) });

/** Every page there is, in the states a person meets. */
export const pages: Readonly<Record<string, () => string>> = {
  home: () =>
    web.homePage({
      ...strangerFrame,
      packs: composition.packs,
      cards: [],
      mcpUrl: 'https://mcp.example.com/mcp',
      version: '0.1.0',
      tools: 11,
      approveOnPageOnly: false,
    }),
  'home-signed-in': () =>
    web.homePage({
      ...frame,
      packs: composition.packs,
      cards: composition.cards(scopesOfRoles(fixtures.ben.roles, packNames)),
      mcpUrl: 'https://mcp.example.com/mcp',
      version: '0.1.0',
      tools: 11,
      approveOnPageOnly: true,
    }),
  'sign-in': () =>
    web.signInPage({
      ...strangerFrame,
      people: [
        { ...fixtures.ada, may: 'Reads reports and asks for changes' },
        { ...fixtures.ben, may: 'Reads reports and countersigns changes' },
      ],
      returnTo: '/approvals',
      again: false,
    }),
  'sign-in-again': () =>
    web.signInPage({
      ...frame,
      returnTo: '/approvals',
      again: true,
      providerHref: '/sign-in?provider=1',
      error: 'That took too long. Please sign in again.',
    }),
  consent: () => web.consentPage(fixtures.consentProps),
  'consent-hostile': () =>
    web.consentPage({
      ...fixtures.consentProps,
      client: {
        name: fixtures.attacks.script + fixtures.attacks.bidi,
        clientId: fixtures.attacks.attribute,
        host: 'this computer',
      },
    }),
  'many-pages': () => web.onwardPage({ ...frame, nav: fixtures.manyPages, href: '/interaction/abc/onward' }),
  onward: () => web.onwardPage({ ...frame, href: '/interaction/abc/onward' }),
  'step-up': () =>
    web.stepUpPage({
      ...fixtures.consentProps,
      minutes: 15,
      action: '/step-up',
      scopes: fixtures.consentProps.scopes.slice(1),
    }),
  'step-up-done': () =>
    web.stepUpPage({
      ...fixtures.consentProps,
      minutes: 15,
      action: '/step-up',
      scopes: fixtures.consentProps.scopes.slice(1),
      raisedUntil: '2026-11-20T22:06:00Z',
    }),
  approvals: () => web.approvalsPage(fixtures.approvalsProps),
  'approvals-hostile': () => web.approvalsPage(fixtures.hostileApprovalsProps),
  'approvals-empty': () =>
    web.approvalsPage({
      ...fixtures.approvalsProps,
      query: {},
      mine: [],
      others: [],
      counts: { mine: 0, others: 0, all: 0 },
      older: undefined,
      next: undefined,
    }),
  denials: () => web.denialsPage(fixtures.denialsProps),
  audit: () => web.auditPage(fixtures.auditProps),
  'audit-hostile': () => web.auditPage(fixtures.hostileAuditProps),
  'audit-empty': () => web.auditPage({ ...fixtures.auditProps, records: [], admin: false, query: {} }),
  operations: () =>
    web.operationsPage({
      ...frame,
      lists: [
        { heading: 'Asked by you', empty: 'You have not asked for a change yet.', operations: [] },
        {
          heading: 'Decided by you',
          empty: '',
          operations: operations.slice(2, 4),
          more: { href: '/operations?list=decided', label: 'All you decided' },
        },
        {
          heading: 'Everybody’s operations',
          empty: '',
          operations,
          more: { href: '/operations?list=all', label: 'All operations' },
        },
      ],
      now,
    }),
  jobs: () => web.jobsPage(jobsProps),
  'jobs-hostile': () => web.jobsPage(hostileJobsProps),
  'operations-all': () =>
    web.operationsPage({
      ...frame,
      lists: [{ heading: 'Everybody’s operations', empty: '', operations }],
      choices: ['All', 'Waiting', 'Applied'].map((label, index) => ({
        href: `/operations?list=all&status=${label}`,
        label,
        current: index === 0,
      })),
      now,
    }),
  approval: () => web.operationPage(fixtures.waitingProps()),
  'approval-large': () => web.operationPage({ ...fixtures.waitingProps(450), changes: { group: 'account' } }),
  'approval-500': () => web.operationPage(fixtures.waitingProps(500)),
  'approval-draft': () =>
    web.operationPage({
      ...fixtures.inManyCurrencies(fixtures.waitingProps(3)),
      draft: { problem: 'comment: say why you deny the change, so that the requester can correct it.', comment: '' },
    }),
  'approval-own': () =>
    web.operationPage({
      ...fixtures.waitingProps(3),
      decision: { may: false, because: 'You asked for this change, so somebody else must countersign it.' },
    }),
  'approval-hostile': () => web.operationPage(fixtures.hostileProps()),
  operation: () => web.operationPage({ ...fixtures.appliedProps(), undo: { may: true } }),
  'operation-reverted': () => web.operationPage(fixtures.revertedProps()),
  compliance: () => compliance(complianceProps),
  'compliance-empty': () => compliance({ ...complianceProps, history: [] }),
  ...Object.fromEntries(
    Object.entries(taggingPages).map(([name, { title, main }]) => [
      name,
      () => page({ frame, title, current: `/${name}`, width: 'sheet', main: main() }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(alertPages).map(([name, { title, main }]) => [
      name,
      () => page({ frame, title, current: `/${name}`, width: 'sheet', main }),
    ]),
  ),
  budgets: () =>
    page({ frame, title: 'Budgets', current: '/budgets', width: 'sheet', main: budgetsView(budgetsProps) }),
  apps: () => web.appsPage({ ...appsProps, accounts }),
  'apps-empty': () => web.appsPage({ ...appsProps, apps: [], admin: true }),
  'apps-hostile': () => web.appsPage(hostileAppsProps),
  notices: () => web.noticesPage(noticesProps),
  'sent-notices': () => web.sentNoticesPage(sentProps),
  error: () =>
    web.errorPage({
      ...frame,
      status: 404,
      title: 'There is no such page',
      message: 'The address may be mistyped, or the operation may be gone.',
      requestId: 'req-1f',
    }),
};

export interface Served {
  readonly origin: string;
  /** Bodies of the forms sent so far, newest last. */
  readonly sent: readonly { readonly path: string; readonly body: unknown }[];
  readonly app: FastifyInstance;
}

/** Starts on a free port of the loopback. Close `app` when done. */
export const servePages = async (): Promise<Served> => {
  const app = Fastify();
  const sent: { path: string; body: unknown }[] = [];
  await app.register(formbody);
  addPageHeaders(app);
  addAssets(app, composition.stylesheet);
  app.get<{ Params: { name: string } }>('/page/:name', (request, reply) => {
    const page = pages[request.params.name];
    return page ? reply.type('text/html; charset=utf-8').send(page()) : reply.code(404).send();
  });
  // As if a template had let markup through: what is left to stop it is the policy.
  app.get('/breached', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(web.operationPage(fixtures.waitingProps(1)).replace('</main>', `${fixtures.attacks.script}</main>`)),
  );
  app.post('/*', (request, reply) => {
    sent.push({ path: request.url, body: request.body });
    return reply.redirect('/page/operation', 303);
  });
  return { origin: await app.listen({ port: 0, host: '127.0.0.1' }), sent, app };
};
