import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import { keptLines, options } from '../fields.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { approvalHref } from '../links.ts';
import { operationCards } from '../operation/list.ts';
import type { ApprovalsProps } from '../props.ts';

const heading = 'Waiting for an answer';

const lead = ({ counts: { mine, others }, older, later }: ApprovalsProps): Html => {
  const some = older !== undefined || later ? 'Of these, ' : '';
  return html`<p class="lead">${some}<strong>${plural(mine, 'change waits', 'changes wait')} for you</strong>, ${others} for others. Nothing below has happened yet.</p>`;
};

const isCut = ({ query: { q, who, tool, batch } }: ApprovalsProps): boolean =>
  (q ?? who ?? tool ?? batch) !== undefined;

const filters = (props: ApprovalsProps): Html | false => {
  const { q, who, tool, sort } = props.query;
  return (
    (props.counts.all > 1 || isCut(props)) &&
    html`<form class="filters" method="get" action="${routes.approvals.path}" role="search">
<p><label for="q">Search</label><input id="q" name="q" type="search" maxlength="200" value="${q}"></p>
<p><label for="who">Whose</label><select id="who" name="who">${options(
      { '': 'Everybody’s', me: 'Waiting for me', own: 'Asked for by me' },
      who,
    )}</select></p>
${
  (props.tools.length > 1 || tool !== undefined) &&
  html`<p><label for="tool">Tool</label><select id="tool" name="tool">${options(
    { '': 'Every tool', ...Object.fromEntries(props.tools.map((name) => [name, name])) },
    tool,
  )}</select></p>`
}
<p><label for="sort">Order</label><select id="sort" name="sort">${options(
      { '': 'Newest first', oldest: 'Oldest first', ends: 'Ends soonest', largest: 'Most resources first' },
      sort,
    )}</select></p>
<p><button class="button plain">Show</button>${isCut(props) && html` <a href="${routes.approvals.path}">Show all</a>`}</p></form>`
  );
};

const tick =
  ({ deniable, ticked, mayApproveAll }: ApprovalsProps) =>
  ({ operationId, approvalHash, plan }: Operation): Html | false =>
    (deniable.size > 1 || mayApproveAll) &&
    deniable.has(operationId) &&
    html`<p class="tick"><label><input type="checkbox" name="operation" value="${operationId} ${approvalHash}"${ticked.has(operationId) && html` checked`}> Tick to ${mayApproveAll ? 'approve or deny' : 'deny'}<span class="unseen">: ${plan.summary}</span></label></p>`;

const part = (props: ApprovalsProps, id: string, title: string, operations: readonly Operation[]): Html | false =>
  operations.length > 0 &&
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${operationCards(operations, {
    ...props,
    level: 3,
    href: approvalHref,
    after: tick(props),
  })}</section>`;

const pager = ({ previous, next, older }: ApprovalsProps): Html | false =>
  (previous ?? next ?? older) !== undefined &&
  html`<nav class="pager" aria-label="More that waits">${previous !== undefined && html`<a href="${previous}" rel="prev">← Page before</a>`}${
    next !== undefined && html`<a href="${next}" rel="next">Next page →</a>`
  }${next === undefined && older !== undefined && html`<a href="${older}" rel="next">Older changes that wait →</a>`}</nav>`;

const denySeveral = ({ deniable, tickHref, draft }: ApprovalsProps): Html | false =>
  deniable.size > 1 &&
  html`<section class="panel" aria-labelledby="deny"><h2 id="deny">Deny several</h2>
<p class="small">What is ticked above is denied, each by itself; what you asked for yourself is withdrawn. <a href="${tickHref}#deny">Tick all ${deniable.size} on this page</a></p>
<label for="comment">Reason</label><p class="hint" id="comment-hint">Each requester reads it. It is kept in the audit log.</p>
${draft && html`<p class="field-problem" id="comment-problem" role="alert"><span aria-hidden="true">✕ </span>${draft.problem}</p>`}
<textarea id="comment" name="comment" rows="2" maxlength="2000" aria-describedby="comment-hint${draft && ' comment-problem'}"${draft && html` aria-invalid="true"`}>
${draft && keptLines(draft.comment)}</textarea>
<div class="actions"><button class="button plain danger">Deny what is ticked</button></div></section>`;

/** All parts of one request, each with the plan that is shown. */
const approveAll = ({ mayApproveAll }: ApprovalsProps): Html | false =>
  mayApproveAll &&
  html`<section class="panel" aria-labelledby="approve-all"><h2 id="approve-all">Approve the parts of this request</h2>
<p class="small">Open each part to read its plan. What is ticked is approved as it is shown here, each by itself: one that changed meanwhile or is refused stops no other.</p>
<div class="actions"><button class="button" name="answer" value="approve">Approve what is ticked</button></div></section>`;

const empty = (props: ApprovalsProps): Html =>
  isCut(props)
    ? html`<div class="empty panel"><p><strong>Nothing that waits fits this.</strong></p><p><a href="${routes.approvals.path}">Show all that waits</a></p></div>`
    : html`<div class="empty panel"><p><strong>${props.later ? 'No older change is waiting.' : 'No change is waiting for a decision.'}</strong></p><p class="quiet">When an agent asks for a change, it appears here before anything happens.</p></div>`;

/**
 * Every operation somebody is waited for, those that wait for the person who looks first. Posts `csrf`, `comment` and
 * `operation`, an id and the hash of its plan, for each that is to be denied; or, of the parts of one request, approved (`answer`).
 */
export const approvalsPage = (props: ApprovalsProps): string => {
  const { counts, mine, others } = props;
  const none = mine.length + others.length === 0;
  return page({
    frame: props,
    title: counts.mine > 0 ? `(${counts.mine}) ${heading}` : heading,
    current: routes.approvals.path,
    width: 'sheet',
    main: html`<h1>${heading}</h1>
${!none && lead(props)}${filters(props)}
${
  none
    ? html`${empty(props)}${pager(props)}`
    : html`<form method="post" action="${props.action}"><input type="hidden" name="csrf" value="${props.csrf}">
${part(props, 'mine', `Waiting for you (${counts.mine})`, mine)}${part(props, 'others', `Waiting for others (${counts.others})`, others)}
${pager(props)}${approveAll(props)}${denySeveral(props)}</form>`
}`,
  });
};
