import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { ofDollars } from '../../../measures/money.ts';
import { count, moneyWords, percent, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { day, time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import { type KeptGap, type KeptGroup, keptGroups } from '../scan/kept-gap.ts';
import { ago } from './age.ts';
import { moreLinks } from './more-links.ts';
import { namedAccount } from './named-account.ts';

export interface UnattributedProps {
  /** Undefined: no complete scan asked what things cost. */
  readonly found: { readonly gap: KeptGap; readonly timestamp: string } | undefined;
  readonly by: KeptGroup;
  readonly accountNames: ReadonlyMap<string, string>;
  readonly now: string;
}

type Part = KeptGap['parts'][KeptGroup][number];

/** Parts that are drawn; the table has all. */
const MOST_BARS = 10;
/** Units of the drawing. */
const WIDTH = 1000;
const HEIGHT = 16;
const DAY = 86_400_000;

const groupWords: Readonly<Record<KeptGroup, string>> = {
  service: 'service',
  account: 'account',
  resource_type: 'type',
};

const money = (usd: number | null): string => {
  const dollars = usd === null ? undefined : ofDollars(usd);
  return dollars === undefined ? 'not known' : moneyWords(dollars);
};

const nameOf = (name: string, { by, accountNames }: UnattributedProps): Html =>
  by === 'account' ? namedAccount(clean(name), accountNames) : html`<bdi>${clean(name)}</bdi>`;

const bar = ([name, part]: Part, most: number, props: UnattributedProps): Html => {
  const long = (usd: number) => Math.max(0, Math.round((usd / most) * WIDTH));
  const attributed = long(part.attributable);
  return html`<li>${nameOf(name, props)}: <strong>${money(part.gap)}</strong> of ${money(part.total)}<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="attributed" x="0" y="0" width="${attributed}" height="${HEIGHT}"/><rect class="gap" x="${attributed}" y="0" width="${long(part.gap ?? 0)}" height="${HEIGHT}"/></svg></li>`;
};

const chart = (parts: readonly Part[], props: UnattributedProps): Html | false => {
  const drawn = parts.slice(0, MOST_BARS);
  const most = Math.max(...drawn.map(([, { total }]) => total), 0);
  return (
    most > 0 &&
    html`<figure class="chart panel"><figcaption><strong>The greatest gaps</strong> <span class="quiet">by ${groupWords[props.by]}, in USD</span></figcaption><ul class="bars">${drawn.map((part) => bar(part, most, props))}</ul><p class="quiet small">Filled: attributed to properly tagged resources. Outlined: not attributed.</p></figure>`
  );
};

const row = ([name, part]: Part, props: UnattributedProps): Html =>
  html`<tr><th scope="row">${nameOf(name, props)}</th><td>${money(part.gap)}</td><td>${money(part.attributable)}</td><td>${money(part.total)}</td><td>${count(part.resources_compliant)} of ${count(part.resources_scanned)}</td></tr>`;

const headings = ['Not attributed', 'Attributed', 'All', 'Compliant resources'];

const table = (parts: readonly Part[], props: UnattributedProps): Html => {
  const caption = `Spend by ${groupWords[props.by]}, the greatest gap first`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="grid numbers"><caption>${caption}</caption><thead><tr><th scope="col">${props.by === 'resource_type' ? 'Type' : props.by === 'account' ? 'Account' : 'Service'}</th>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>${parts.map((part) => row(part, props))}</tbody></table></div>`;
};

const figure = (name: string, value: string, remark: string): Html =>
  html`<div><dt>${name}</dt><dd><span class="number">${value}</span><span class="quiet small">${remark}</span></dd></div>`;

const share = ({ gap, taggable }: KeptGap): string =>
  gap === null || taggable <= 0
    ? 'of what tags can attribute'
    : `${percent(gap / taggable)} of what tags can attribute`;

const figures = (gap: KeptGap): Html =>
  html`<dl class="figures panel">${figure('Not attributed', money(gap.gap), share(gap))}${figure('Attributed', money(gap.attributable), 'to resources with every required tag')}${figure('Carried by no resource', money(gap.unmapped), 'in services without one that was found')}${figure('All spend', money(gap.total), `${money(gap.unattributable)} of it no tag can attribute`)}</dl>`;

/** How old it is, and what it leaves out. */
const basis = (gap: KeptGap, timestamp: string, { by, now }: UnattributedProps): Html => {
  const { unknownAccounts: unknown } = gap;
  const lastDay = new Date(Date.parse(gap.period.end) - DAY).toISOString();
  return html`<p>From the scan of ${time(timestamp)} (${ago(timestamp, now)}), the newest complete one with costs: spend of ${day(gap.period.start)} to ${day(lastDay)}${gap.estimated && ', some of it still estimated by AWS'}. Costs are known up to 48 hours later.</p>
${unknown.length > 0 && html`<p class="notice caution">The spend of ${plural(unknown.length, 'account')} could not be read and is left out: ${unknown.join(', ')}.</p>`}
${gap.unread > 0 && html`<p class="notice caution">${money(gap.unread)} of services whose resources could not all be read is in no gap.</p>`}
${by === 'resource_type' && html`<p class="quiet">By type, spend that no resource carries is left out.</p>`}`;
};

const choices = ({ by }: UnattributedProps): Html =>
  html`<p>By ${keptGroups.map((each) =>
    each === by
      ? html`<strong>${groupWords[each]}</strong> `
      : html`<a href="${hrefWith(tagging.routes.unattributedCost.path, { by: each })}">${groupWords[each]}</a> `,
  )}</p>`;

const shown = (gap: KeptGap, timestamp: string, props: UnattributedProps): Html => {
  const parts = gap.parts[props.by];
  return html`${basis(gap, timestamp, props)}${figures(gap)}${chart(parts, props)}${
    parts.length === 0 ? html`<p class="empty panel">Nothing was spent.</p>` : table(parts, props)
  }`;
};

/** The cost gap by its parts, as a chart and as a table. */
export const unattributedView = (props: UnattributedProps): Html =>
  html`<h1>Unattributed cost</h1>
${choices(props)}
${
  props.found === undefined
    ? html`<div class="empty panel"><p><strong>No complete scan of the last 90 days asked what things cost.</strong></p><p class="quiet">Ask an agent: “What do missing tags cost us?”, or have it check tag compliance.</p></div>`
    : shown(props.found.gap, props.found.timestamp, props)
}
${moreLinks('unattributedCost')}`;
