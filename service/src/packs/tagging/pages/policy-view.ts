/** How the tagging policy is shown. Everything in it may come from outside: it is escaped, and shown as data. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { plural } from '../../../measures/words.ts';
import type { Operation } from '../../../operations/operation.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { approvalHref, hrefWith, operationHref } from '../../../web/links.ts';
import { dataValue } from '../../../web/value.ts';
import { type PolicyOrigin, partsThatDiffer, stateIn } from '../policy/parts.ts';
import type { LoadedPolicy, Policy } from '../policy/policy.ts';
import type { PolicyVersion } from '../policy/versions.ts';

export interface PolicyViewProps {
  readonly held: PolicyVersion;
  readonly waiting: readonly Operation[];
  /** Newest first. */
  readonly versions: readonly PolicyVersion[];
  /** Cursor of those before. */
  readonly older: string | undefined;
  readonly look: { readonly version: PolicyVersion; readonly before: PolicyVersion | undefined } | undefined;
  readonly follows: string | undefined;
  readonly fixedBy: string | undefined;
}

const { path } = tagging.routes.taggingPolicy;

const sources: Readonly<Record<PolicyOrigin['source'], string>> = {
  file: 'A policy file',
  organizations: 'A tag policy of AWS',
  default: 'The default',
  sandbox: 'The sandbox',
  request: 'Written out in a request',
};

const originWords = ({ source, id }: PolicyOrigin): Html =>
  html`${sources[source]}${id !== undefined && html` <code class="value">${id}</code>`}`;

const list = (values: readonly string[] | null): Html =>
  values === null
    ? html`<span class="quiet">any</span>`
    : html`${values.map((value, at) => html`${at > 0 && ' '}${dataValue(value)}`)}`;

type Required = Policy['required_tags'][number];

const allowed = ({ allowed_values: values, validation_regex: pattern }: Required): Html =>
  pattern === null
    ? list(values)
    : html`${values !== null && list(values)} <span class="quiet">matching</span> ${dataValue(pattern)}`;

const requiredRow = (tag: Required): Html =>
  html`<tr><th scope="row">${dataValue(tag.name)}${tag.description !== '' && html`<br><span class="quiet small"><bdi>${tag.description}</bdi></span>`}</th><td>${allowed(tag)}</td><td>${tag.applies_to.length === 0 ? 'every type' : list(tag.applies_to)}</td></tr>`;

const optionalRow = (tag: Policy['optional_tags'][number]): Html =>
  html`<tr><th scope="row">${dataValue(tag.name)}${tag.description !== '' && html`<br><span class="quiet small"><bdi>${tag.description}</bdi></span>`}</th><td>${list(tag.allowed_values)}</td></tr>`;

const required = ({ policy }: LoadedPolicy): Html =>
  html`<section aria-labelledby="required"><h2 id="required">Required tags</h2>${
    policy.required_tags.length === 0
      ? html`<p>None, so nothing is judged.</p>`
      : html`<table class="grid"><caption class="unseen">Required tags</caption><thead><tr><th scope="col">Tag</th><th scope="col">Values allowed</th><th scope="col">Applies to</th></tr></thead><tbody>${policy.required_tags.map(requiredRow)}</tbody></table>`
  }</section>`;

const optional = ({ policy }: LoadedPolicy): Html | false =>
  policy.optional_tags.length > 0 &&
  html`<section aria-labelledby="optional"><h2 id="optional">Optional tags</h2><table class="grid"><caption class="unseen">Optional tags</caption><thead><tr><th scope="col">Tag</th><th scope="col">Values allowed</th></tr></thead><tbody>${policy.optional_tags.map(optionalRow)}</tbody></table></section>`;

const facts = ({ held, follows, fixedBy }: PolicyViewProps): Html =>
  html`<dl class="facts"><div><dt>Version</dt><dd>${held.number} <code class="value">${held.policy.version}</code></dd></div><div><dt>Since</dt><dd>${time(held.since)}</dd></div><div><dt>Comes from</dt><dd>${originWords(held.origin)}</dd></div>${
    follows !== undefined &&
    html`<div><dt>Follows</dt><dd><code class="value">${follows}</code> of AWS. What changes there is proposed here, and waits for an approver.</dd></div>`
  }${fixedBy !== undefined && html`<div><dt>Changed by</dt><dd>the file that <code class="value">${fixedBy}</code> names</dd></div>`}</dl>`;

const waitingNotice = ({ waiting }: PolicyViewProps): Html | false =>
  waiting.length > 0 &&
  html`<div class="notice caution"><p>${plural(waiting.length, 'change')} of the policy ${waiting.length === 1 ? 'waits' : 'wait'} for an answer.</p><ul>${waiting.map(
    ({ operationId, plan, requester, createdAt }) =>
      html`<li><a href="${approvalHref(operationId)}"><bdi>${plan.summary}</bdi></a> <span class="quiet small">asked by <bdi>${requester.name}</bdi>, ${time(createdAt)}</span></li>`,
  )}</ul></div>`;

const differences = ({ version, before }: NonNullable<PolicyViewProps['look']>): Html => {
  if (before === undefined) return html`<p>It is the first version.</p>`;
  const keys = partsThatDiffer(before.policy, version.policy);
  const [was, is] = [stateIn(before.policy, before.origin, keys), stateIn(version.policy, version.origin, keys)];
  return html`<table class="grid change"><caption class="unseen">What version ${version.number} changed</caption><thead><tr><th scope="col">Part</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>${keys.map(
    (key) =>
      html`<tr><th scope="row">${dataValue(key)}</th><td data-column="Before">${dataValue(was[key])}</td><td data-column="After">${dataValue(is[key])}</td></tr>`,
  )}</tbody></table>`;
};

const lookedAt = ({ look }: PolicyViewProps): Html | undefined =>
  look &&
  html`<section aria-labelledby="looked"><h2 id="looked">What version ${look.version.number} changed</h2>${differences(look)}<p><a href="${path}">Close</a></p></section>`;

const versionRow = ({ number, policy, origin, since, changedBy, operationId }: PolicyVersion, held: number): Html =>
  html`<tr><th scope="row">${number}${number === held && ' (holds)'}<br><code class="value small">${policy.version}</code></th><td>${time(since)}</td><td>${originWords(origin)}</td><td><bdi>${changedBy}</bdi>${operationId !== undefined && html`<br><a href="${operationHref(operationId)}">See operation<span class="unseen"> of version ${number}</span></a>`}</td><td><a href="${hrefWith(path, { version: number })}#looked">See what changed<span class="unseen"> with version ${number}</span></a></td></tr>`;

const history = ({ versions, held, older }: PolicyViewProps): Html =>
  html`<section aria-labelledby="versions"><h2 id="versions">Versions</h2><div class="scroll" role="region" aria-label="Versions" tabindex="0"><table class="grid"><caption class="unseen">Versions of the policy, newest first</caption><thead><tr><th scope="col">Version</th><th scope="col">Since</th><th scope="col">Comes from</th><th scope="col">Changed by</th><th scope="col">Changes</th></tr></thead><tbody>${versions.map((version) => versionRow(version, held.number))}</tbody></table></div>${
    older !== undefined &&
    html`<p><a href="${hrefWith(path, { cursor: older })}#versions" rel="next">Earlier versions</a></p>`
  }</section>`;

export const policyView = (props: PolicyViewProps): Html =>
  html`<h1>Tagging policy</h1>
<p class="lead">What the tags of every resource are judged by. It changes only by a change that somebody else approves${props.fixedBy !== undefined && ', or here by its file'}.</p>
${waitingNotice(props)}${facts(props)}${lookedAt(props)}${required(props.held.policy)}${optional(props.held.policy)}${history(props)}`;
