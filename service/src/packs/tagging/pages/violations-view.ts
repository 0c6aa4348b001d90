import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { options } from '../../../web/fields.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import type { TagFinding } from '../policy/violations.ts';
import type { KeptViolation, KeptViolations } from '../reports/kept-violations.ts';
import { ago } from './age.ts';
import { moreLinks } from './more-links.ts';
import { namedAccount } from './named-account.ts';
import type { ViolationQuery } from './violation-query.ts';

export interface ViolationsProps {
  /** Undefined: no complete scan kept tags. */
  readonly found: KeptViolations | undefined;
  readonly query: ViolationQuery;
  /** Resources this service wrote after the tags were read. */
  readonly changedSince: number;
  readonly accountNames: ReadonlyMap<string, string>;
  readonly now: string;
}

/** Rows of one part of the table. */
const PART = 100;
/** Allowed values that a row names. */
const MOST_VALUES = 8;
/** Choices of one filter. */
const MOST_CHOICES = 200;

const { path } = tagging.routes.violations;

const badges: Readonly<Record<TagFinding['severity'], Html>> = {
  error: html`<span class="badge bad"><span class="sign" aria-hidden="true">✕</span>Error</span>`,
  warning: html`<span class="badge caution"><span class="sign" aria-hidden="true">○</span>Warning</span>`,
};
const wrong: Readonly<Record<TagFinding['violationType'], string>> = {
  missing_required_tag: 'is missing',
  invalid_value: 'has a value that is not allowed',
  invalid_format: 'is not written as the policy asks',
};

const fits = ({ type, accountId, region, finding }: KeptViolation, query: ViolationQuery): boolean =>
  (query.type === undefined || query.type === type) &&
  (query.account === undefined || query.account === accountId) &&
  (query.region === undefined || query.region === region) &&
  (query.severity === undefined || query.severity === finding.severity) &&
  (query.tag === undefined || query.tag === finding.tagName);

const choice = (
  [name, label, every]: readonly [keyof ViolationQuery & string, string, string],
  values: readonly string[],
  chosen: string | undefined,
): Html => {
  const known = [...new Set(values.filter((value) => value !== ''))].sort().slice(0, MOST_CHOICES);
  const shown = chosen === undefined || known.includes(chosen) ? known : [chosen, ...known];
  return html`<p><label for="${name}">${label}</label><select id="${name}" name="${name}">${options(
    { '': every, ...Object.fromEntries(shown.map((value) => [value, value])) },
    chosen,
  )}</select></p>`;
};

const filters = (violations: readonly KeptViolation[], query: ViolationQuery): Html => {
  const of = (field: 'type' | 'accountId' | 'region') => violations.map((each) => each[field]);
  return html`<form class="filters" method="get" action="${path}" role="search">
${choice(['type', 'Type', 'Every type'], of('type'), query.type)}
${choice(['account', 'Account', 'Every account'], of('accountId'), query.account)}
${choice(['region', 'Region', 'Every region'], of('region'), query.region)}
<p><label for="severity">Severity</label><select id="severity" name="severity">${options(
    { '': 'Errors and warnings', error: 'Errors', warning: 'Warnings' },
    query.severity,
  )}</select></p>
<p><label for="tag">Tag, in full</label><input id="tag" name="tag" value="${query.tag}" maxlength="128" autocomplete="off"></p>
<p><button class="button plain">Show</button> <a href="${path}">Clear</a></p></form>`;
};

const allowed = ({ allowedValues }: TagFinding): Html => {
  if (allowedValues === null) return html`<span class="quiet">any</span>`;
  const more = allowedValues.length - MOST_VALUES;
  return html`<bdi>${clean(allowedValues.slice(0, MOST_VALUES).join(', '), 1000)}</bdi>${more > 0 && html` <span class="quiet">and ${count(more)} more</span>`}`;
};

const orUnknown = (value: string, shown: Html): Html =>
  value === '' ? html`<span class="quiet">not known</span>` : shown;

const row = ({ arn, type, accountId, region, finding }: KeptViolation, { accountNames }: ViolationsProps): Html =>
  html`<tr><th scope="row"><bdi>${clean(arn, 1100)}</bdi><br><span class="quiet small">${type}</span></th><td data-column="Severity">${badges[finding.severity]}</td><td data-column="Tag"><code class="value">${clean(finding.tagName)}</code> ${wrong[finding.violationType]}</td><td data-column="Value now">${finding.currentValue === null ? html`<span class="quiet">none</span>` : html`<bdi>${clean(finding.currentValue)}</bdi>`}</td><td data-column="Allowed">${allowed(finding)}</td><td data-column="Account">${orUnknown(accountId, namedAccount(accountId, accountNames))}</td><td data-column="Region">${orUnknown(region, html`${region}`)}</td></tr>`;

const table = (rows: readonly KeptViolation[], caption: string, props: ViolationsProps): Html =>
  html`<table class="grid stacked planned violations"><caption>${caption}</caption><thead><tr><th scope="col">Resource</th><th scope="col">Severity</th><th scope="col">Tag</th><th scope="col">Value now</th><th scope="col">Allowed</th><th scope="col">Account</th><th scope="col">Region</th></tr></thead><tbody>${rows.map((each) => row(each, props))}</tbody></table>`;

const pager = (query: ViolationQuery, at: number, last: number): Html | false => {
  const to = (page: number) => hrefWith(path, { ...query, page });
  return (
    last > 1 &&
    html`<nav class="pager" aria-label="More violations">${at > 1 && html`<a href="${to(at - 1)}" rel="prev">← Before</a>`}<span>Part ${count(at)} of ${count(last)}</span>${at < last && html`<a href="${to(at + 1)}" rel="next">After →</a>`}</nav>`
  );
};

const figures = (found: readonly KeptViolation[]): Html => {
  const of = (severity: TagFinding['severity']) => found.filter(({ finding }) => finding.severity === severity).length;
  const resources = new Set(found.map(({ arn }) => arn)).size;
  return html`<dl class="figures panel"><div><dt>${badges.error}</dt><dd><span class="number">${count(of('error'))}</span><span class="quiet small">they lower the score</span></dd></div><div><dt>${badges.warning}</dt><dd><span class="number">${count(of('warning'))}</span><span class="quiet small">they never do</span></dd></div><div><dt>Resources</dt><dd><span class="number">${count(resources)}</span><span class="quiet small">have at least one of these</span></dd></div></dl>`;
};

/** How old it is, and what it leaves out. */
const basis = (found: KeptViolations, { now, changedSince }: ViolationsProps): Html => {
  const { timestamp, policyVersion, policyThen, newer, resources } = found;
  return html`<p>Tags of ${time(timestamp)} (${ago(timestamp, now)}), the newest complete scan that kept them: ${plural(resources, 'resource')} that the policy asks tags of, judged by policy <code class="value">${policyVersion}</code>, which holds now${policyThen !== policyVersion && html`; then <code class="value">${policyThen}</code> held`}.</p>
${newer !== undefined && html`<p class="notice caution">The scan of ${time(newer.timestamp)} is newer and not shown, because it ${newer.quality === 'complete' ? 'kept no tags of its resources' : 'could not read everything'}.</p>`}
${changedSince > 0 && html`<p class="notice caution">${plural(changedSince, 'resource')} changed through this service since then. Check compliance again with a snapshot to count them.</p>`}`;
};

const listed = (found: KeptViolations, props: ViolationsProps): Html => {
  const { query } = props;
  const fitting = found.violations.filter((each) => fits(each, query));
  const last = Math.max(1, Math.ceil(fitting.length / PART));
  const at = Math.min(query.page, last);
  const from = (at - 1) * PART;
  const rows = fitting.slice(from, from + PART);
  const caption = `${count(from + 1)} to ${count(from + rows.length)} of ${plural(fitting.length, 'violation')}, errors first`;
  return html`${basis(found, props)}${filters(found.violations, query)}${
    rows.length === 0
      ? html`<div class="empty panel"><p><strong>${found.violations.length === 0 ? 'No resource violates the policy.' : 'No violation fits this.'}</strong></p></div>`
      : html`${figures(fitting)}${table(rows, caption, props)}${pager(query, at, last)}`
  }<p class="quiet">What each resource costs is not kept: an agent tells it with check_tag_compliance, and export_violations_csv writes all to a file.</p>`;
};

/** Violations, cut down by the filters. */
export const violationsView = (props: ViolationsProps): Html =>
  html`<h1>Tag violations</h1>
${
  props.found === undefined
    ? html`<div class="empty panel"><p><strong>No complete scan of the last 90 days kept the tags of its resources.</strong></p><p class="quiet">Ask an agent: “Check our tag compliance and keep a snapshot.” Scheduled audits keep one each.</p></div>`
    : listed(props.found, props)
}
${moreLinks('violations')}`;
