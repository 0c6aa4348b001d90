/**
 * Takes the pictures of the guides from a running service. `npm run screenshots [-- FOLDER]`, by default docs/pictures.
 * It starts the service on a folder and port of its own and plays the story of docs/getting-started.md: real clients
 * over MCP and REST, real people in Chromium. Set CHROMIUM where it is not at /usr/bin/chromium.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { argv } from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { launch } from '../service/test/browser/browser.ts';
import { Browser as TextBrowser } from '../service/test/rigs/browser.ts';
import { ModernAgent } from '../service/test/rigs/clients.ts';
import { callbackUrl } from '../service/test/rigs/host.ts';
import { OAuthClient } from '../service/test/rigs/oauth-client.ts';
import { type DemoPerson, Person } from '../service/test/rigs/person.ts';
import { RestClient } from '../service/test/rigs/rest.ts';
import { spawnService } from '../service/test/rigs/service.ts';

const folder = resolve(argv[2] ?? 'docs/pictures');
const width = 1280;
const phoneWidth = 390;
/** What is longer is cut: a picture shows what is read first. */
const mostHeight = 1000;
const margin = 24;

const staging = '234567890123';
const Untagged = z.looseObject({
  resources: z.array(z.looseObject({ arn: z.string(), missing_required_tags: z.array(z.string()) })),
});
const Requested = z.looseObject({ request_id: z.string(), approval_url: z.string() });
const Undoing = z.looseObject({ approval_url: z.string() });
const Challenged = z.looseObject({ step_up_url: z.string() });

/**
 * The page, without the empty rest of the window.
 * @param from the heading of the section it begins at; default the top
 */
const shoot = async (page: Page, name: string, from?: string, height = mostHeight): Promise<void> => {
  // Nothing under the pointer, which would look chosen.
  await page.mouse.move(0, 0);
  const heading = from === undefined ? null : await page.getByRole('heading', { name: from }).boundingBox();
  const main = await page.locator('main').boundingBox();
  const top = Math.floor(heading === null ? 0 : heading.y - margin);
  const bottom = Math.ceil((main?.y ?? 0) + (main?.height ?? height) + margin);
  const clip = { x: 0, y: top, width: page.viewportSize()?.width ?? width, height: Math.min(height, bottom - top) };
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true, clip });
};

const labels: Readonly<Record<DemoPerson, string>> = {
  ana: 'Ana the analyst',
  ben: 'Ben the approver',
  vera: 'Vera the viewer',
  ada: 'Ada the admin',
  max: 'Max, analyst and approver',
};

/** A demo person at a real browser, who may be asked for a picture of what they see. */
class Visitor extends Person {
  readonly page: Page;
  /** Names of the pictures of the next sign-in and consent pages. */
  pictures: { signIn?: string; consent?: string } = {};

  constructor(name: DemoPerson, page: Page) {
    super(name);
    this.page = page;
  }

  static async in(browser: Browser, name: DemoPerson, viewport = { width, height: 800 }): Promise<Visitor> {
    const context = await browser.newContext({ viewport, deviceScaleFactor: 1, locale: 'en-GB', timezoneId: 'UTC' });
    return new Visitor(name, await context.newPage());
  }

  async #picture(which: 'signIn' | 'consent'): Promise<void> {
    const name = this.pictures[which];
    if (name !== undefined) await shoot(this.page, name);
    delete this.pictures[which];
  }

  /** Opens a page, and signs in where that is in the way. */
  async visit(url: string): Promise<void> {
    await this.page.goto(url);
    if (new URL(this.page.url()).pathname !== '/sign-in') return;
    await this.#picture('signIn');
    await this.page.getByRole('button', { name: labels[this.name] }).click();
  }

  override async authorize(authorizeUrl: string | URL): Promise<URL> {
    await this.visit(String(authorizeUrl));
    await this.#picture('consent');
    for (const box of await this.page.getByRole('checkbox').all()) await box.check();
    // Nobody listens at the callback: its address is read from the request, which then fails.
    const back = this.page.waitForRequest((request) => request.url().startsWith(callbackUrl));
    await this.page.getByRole('button', { name: 'Allow what is ticked' }).click();
    return new URL((await back).url());
  }
}

/** Instances of the Staging account that nobody owns. */
const ownerless = async (agent: ModernAgent): Promise<string[]> => {
  const scope = { accounts: [staging], resource_types: ['ec2:instance'], limit: 100 };
  const { resources } = Untagged.parse(await agent.call('find_untagged_resources', scope));
  return resources.filter((each) => each.missing_required_tags.includes('Owner')).map((each) => each.arn);
};

/** Two more requests, so that the list of approvals is one. */
const askForMore = async (agent: ModernAgent): Promise<void> => {
  const scope = { resource_types: ['s3:bucket'], limit: 100 };
  const { resources } = Untagged.parse(await agent.call('find_untagged_resources', scope));
  const lacking = (tag: string) =>
    resources.filter((each) => each.missing_required_tags.includes(tag)).map((each) => each.arn);
  await agent.call('bulk_tag_resources', {
    resource_arns: lacking('DataClassification').slice(0, 5),
    tags: { DataClassification: 'internal' },
    reason: 'The security review asks for a classification of every bucket.',
  });
  await agent.call('bulk_tag_resources', {
    resource_arns: lacking('CostCenter').slice(0, 4),
    tags: { CostCenter: 'Finance' },
    reason: 'Finance closes the quarter on Monday and needs these buckets charged.',
  });
};

/** A client that cannot ask for more is told where its person can. */
const pageForStepUp = async (origin: string, ana: Visitor): Promise<void> => {
  const oauth = await OAuthClient.registered(origin, { client_name: 'Night watch' });
  const tokens = await oauth.connect(new TextBrowser(), ana.name);
  const refused = await new RestClient(origin, tokens, oauth).execute('bulk_tag_resources');
  await ana.visit(Challenged.parse(refused.body).step_up_url);
  await shoot(ana.page, 'step-up-page');
};

const play = async (origin: string, ana: Visitor, ben: Visitor, ada: Visitor): Promise<void> => {
  ana.pictures = { signIn: 'sign-in', consent: 'consent' };
  const agent = await ModernAgent.connect(origin, ana);
  await agent.call('check_tag_compliance', {});

  ana.pictures = { consent: 'step-up-consent' };
  await askForMore(agent);
  const arns = await ownerless(agent);
  const tags = { Owner: 'platform@example.com' };
  await agent.call('preview_bulk_tagging', { resource_arns: arns, tags });
  const reason = 'The platform team took these instances over last week.';
  const asked = Requested.parse(await agent.call('bulk_tag_resources', { resource_arns: arns, tags, reason }));
  await pageForStepUp(origin, ana);

  await ben.visit(`${origin}/approvals`);
  await shoot(ben.page, 'approvals');
  await ben.visit(asked.approval_url);
  await shoot(ben.page, 'approval');
  await shoot(ben.page, 'approval-changes', 'What changes', 640);
  await ben.page.getByLabel('Comment').fill('Agreed with the platform team.');
  await ben.page.getByRole('button', { name: 'Approve and apply' }).click();
  await ben.page.waitForURL('**/operations/*?answered=1');
  await shoot(ben.page, 'applied');

  await agent.call('check_tag_compliance', { store_snapshot: true, force_refresh: true });
  await ben.visit(`${origin}/compliance`);
  await shoot(ben.page, 'compliance');

  const undo = Undoing.parse(await agent.call('rollback_operation', { operation_id: asked.request_id }));
  await ben.visit(undo.approval_url);
  await ben.page.getByRole('button', { name: 'Approve and apply' }).click();
  await ben.page.waitForURL('**/operations/*?answered=1');
  await ben.visit(`${origin}/operations/${asked.request_id}`);
  await shoot(ben.page, 'history', 'What happened');
  await agent.close();
  await playPages(origin, ben, ada);
};

/** The pages of reports, from the newest scan. */
const playReports = async (origin: string, agent: ModernAgent, ben: Visitor): Promise<void> => {
  await ben.visit(`${origin}/compliance-history?period=week&days=90`);
  await shoot(ben.page, 'compliance-history', undefined, 900);
  await ben.visit(`${origin}/violations?severity=error&tag=CostCenter`);
  await shoot(ben.page, 'violations', undefined, 840);
  await ben.visit(`${origin}/unattributed-cost`);
  await shoot(ben.page, 'unattributed-cost', undefined, 920);
  await agent.call('export_violations_csv', { format: 'csv' });
  await agent.call('export_violations_csv', { format: 'xlsx', filters: { severity: 'errors_only' } });
  await ben.visit(`${origin}/exports`);
  await shoot(ben.page, 'exports', undefined, 520);
};

/** The pages of drift, of the policy and of scheduled audits: what an admin asks for, and what approvers see. */
const playPages = async (origin: string, ben: Visitor, ada: Visitor): Promise<void> => {
  const agent = await ModernAgent.connect(origin, ada);
  await playReports(origin, agent, ben);
  await agent.call('detect_tag_drift', {});
  await ben.visit(`${origin}/drift`);
  await shoot(ben.page, 'drift', undefined, 740);

  const policy = { policy_id: 'p-sandboxfinance1' };
  const reason = 'Finance opened a cost centre for research.';
  const asked = Requested.parse(await agent.call('change_tagging_policy', { ...policy, reason }));
  await ben.visit(asked.approval_url);
  await shoot(ben.page, 'policy-approval', undefined, 840);
  await ben.page.getByRole('button', { name: 'Approve and apply' }).click();
  await ben.page.waitForURL('**/operations/*?answered=1');
  await ben.visit(`${origin}/tagging-policy`);
  await shoot(ben.page, 'tagging-policy');

  await ada.visit(`${origin}/audits`);
  await ada.page.getByLabel('Time zone').fill('Europe/Berlin');
  await ada.page.getByLabel('Sent to').fill('ada@example.com');
  await ada.page.getByRole('button', { name: 'Schedule it' }).click();
  await ada.page.waitForURL('**/approvals/*?planned=change');
  await ada.page.getByRole('button', { name: 'Confirm and apply' }).click();
  await ada.page.waitForURL('**/operations/*?answered=1');
  await ada.visit(`${origin}/audits`);
  await shoot(ada.page, 'audits');
  await agent.close();
};

/** A budget of the marketing sandbox: raised, countersigned, and taken back. */
const playBudget = async (origin: string, ana: Visitor, ben: Visitor): Promise<void> => {
  const agent = await ModernAgent.connect(origin, ana);
  const budget = { customerId: '1234567890', budgetId: '501', reason: 'More shoes for the season.' };
  const asked = Undoing.parse(await agent.call('update_budget', { ...budget, newDailyAmount: '150' }));
  await ben.visit(asked.approval_url);
  await shoot(ben.page, 'budget-approval', undefined, 790);
  await ben.page.getByRole('button', { name: 'Approve and apply' }).click();
  await ben.page.waitForURL('**/operations/*?answered=1');
  await ana.visit(`${origin}/budgets`);
  await shoot(ana.page, 'budgets');
  await ben.visit(`${origin}/access`);
  await shoot(ben.page, 'access');
  await agent.close();
};

const agree = async (ben: Visitor, approvalUrl: string): Promise<void> => {
  await ben.visit(approvalUrl);
  await ben.page.getByRole('button', { name: 'Approve and apply' }).click();
  await ben.page.waitForURL('**/operations/*?answered=1');
};

const alertVariables = {
  ALERT_RECEIVERS: JSON.stringify([
    { name: 'noc', to: ['ana@example.com'], escalation: 'night' },
    { name: 'power', to: ['ben@example.com'], send_resolved: false },
  ]),
  ALERT_ESCALATIONS: JSON.stringify([
    {
      name: 'night',
      steps: [
        { delay_min: 15, targets: ['noc'] },
        { delay_min: 30, targets: ['noc', 'power'] },
      ],
      repeat: 1,
    },
  ]),
};
const equal = (name: string, value: string) => ({ name, value });
const alertTree = {
  receiver: 'default',
  group_by: ['site_code'],
  routes: [
    { matchers: [equal('element_type', 'POWER_SYSTEM')], receiver: 'power', group_wait: '10s', continue: true },
    { matchers: [{ name: 'severity', value: '[45]', isRegex: true }], receiver: 'noc' },
  ],
};
const Listed = z.looseObject({ alerts: z.array(z.looseObject({ alert_id: z.string() })).min(1) });

/** The power failure of the alerts sandbox: seen, acknowledged, its cells silenced, and routed. */
const playAlerts = async (origin: string, ana: Visitor, ben: Visitor, ada: Visitor): Promise<void> => {
  await ana.visit(`${origin}/network`);
  await shoot(ana.page, 'network');
  const phone = await Visitor.in(browser, 'vera', { width: phoneWidth, height: 844 });
  await phone.visit(`${origin}/network`);
  await shoot(phone.page, 'network-phone');

  const agent = await ModernAgent.connect(origin, ana);
  const site = equal('site_code', 'CZA0021');
  const { alerts } = Listed.parse(await agent.call('list_alerts', { matchers: [site, equal('name', 'MainsFailure')] }));
  const alertId = alerts[0]?.alert_id ?? '';
  const comment = 'The generator is on its way, about 40 minutes.';
  await agent.call('acknowledge_alert', { alert_id: alertId, expires_in_min: 60, comment });
  await ana.visit(`${origin}/alerts/${alertId}`);
  await shoot(ana.page, 'alert', undefined, 1210);

  const cells = { matchers: [site, { name: 'name', value: 'Cell.*', isRegex: true }], kind: 'maintenance' };
  const silence = { ...cells, duration_min: 120, comment: 'The crew changes the cabinet.' };
  await agree(ben, Undoing.parse(await agent.call('create_silence', silence)).approval_url);
  await ana.visit(`${origin}/silences`);
  await shoot(ana.page, 'silences', undefined, 1090);
  await agent.close();

  const admin = await ModernAgent.connect(origin, ada);
  const routed = await admin.call('set_alert_route', { tree: alertTree, expected_version: 0 });
  await agree(ben, Undoing.parse(routed).approval_url);
  await admin.close();
  await ana.visit(`${origin}/alert-routing?labels=${encodeURIComponent('element_type=POWER_SYSTEM\nseverity=5')}`);
  await shoot(ana.page, 'alert-routing');
  await ana.visit(`${origin}/alert-analysis?days=7`);
  await shoot(ana.page, 'alert-analysis', 'Clusters of alarms', 920);
  await shoot(ana.page, 'root-causes', 'What clusters begin with', 500);
};

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const [pack, story, variables] of [
    ['tagging', play, {}],
    ['marketing', playBudget, {}],
    ['alerts', playAlerts, alertVariables],
  ] as const) {
    const service = await spawnService({ environment: { LOG_LEVEL: 'warn', TOOL_PACKS: pack, ...variables } });
    try {
      const visitor = (name: DemoPerson) => Visitor.in(browser, name);
      await story(service.url, await visitor('ana'), await visitor('ben'), await visitor('ada'));
    } finally {
      await service.stop();
    }
  }
} finally {
  await browser.close();
}
