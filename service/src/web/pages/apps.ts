import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { clientTitle } from '../client.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { disconnectHref, stepUpHref } from '../links.ts';
import type { AppProps, AppsProps, ScopeProps } from '../props.ts';
import { accountSection } from './accounts.ts';

const scopeList = (scopes: readonly ScopeProps[]): Html =>
  html`<ul class="plain-list">${scopes.map(({ name, description }) => html`<li>${description} <code>${name}</code></li>`)}</ul>`;

const raise = ({ client }: AppProps, { raisable }: AppsProps): Html | false =>
  raisable.length > 0 &&
  html`<p class="small">Let it do more for a while: ${raisable.map(
    (scope, index) =>
      html`${index > 0 && ', '}<a href="${stepUpHref(client.clientId, [scope.name])}">${scope.name}<span class="unseen"> for ${clientTitle(client)}</span></a>`,
  )}</p>`;

const disconnect = ({ sessionId, client }: AppProps, { csrf, owner }: AppsProps): Html =>
  html`<form method="post" action="${disconnectHref(sessionId)}"><input type="hidden" name="csrf" value="${csrf}">${
    owner && html`<input type="hidden" name="person" value="${owner.personId}">`
  }<div class="actions"><button class="button plain danger">Disconnect<span class="unseen"> ${clientTitle(client)}</span></button></div></form>`;

const item = (app: AppProps, props: AppsProps): Html => {
  const { client, scopes, since, until, lastUsedAt, answersTo, elevated } = app;
  return html`<li class="item panel"><h2>${clientTitle(client)}</h2>
<p class="quiet small">${client.name !== undefined && html`Calls itself “<bdi>${client.name}</bdi>” · `}connected ${time(since)} · ${
    lastUsedAt === undefined ? 'not used yet' : html`last used ${time(lastUsedAt)}`
  } · stays connected until ${time(until)}</p>
${answersTo.length > 0 && html`<p class="quiet small">Its answers go to ${answersTo.map((host, index) => html`${index > 0 && ', '}<span class="host">${host}</span>`)}</p>`}
${scopes.length > 0 ? scopeList(scopes) : html`<p class="quiet">It may do nothing at the moment.</p>`}
${elevated.map((some) => html`<div class="notice caution"><p>Until ${time(some.until)} also:</p>${scopeList(some.scopes)}</div>`)}
${raise(app, props)}
<details><summary>Technical details</summary><dl class="facts"><dt>Client id</dt><dd><code class="value">${client.clientId}</code></dd></dl></details>
${disconnect(app, props)}</li>`;
};

const none = ({ elsewhere, owner }: AppsProps): Html =>
  html`<div class="empty panel"><p><strong>${
    elsewhere ? 'Apps are connected at your company’s sign-in.' : 'No app is connected.'
  }</strong></p><p class="quiet">${
    elsewhere
      ? 'This service does not know them. Disconnect them where you sign in.'
      : owner
        ? 'An app that this person allows to act for them appears here.'
        : 'An app that you allow to act for you appears here, and can be disconnected here.'
  }</p></div>`;

const list = (props: AppsProps): Html =>
  html`<p class="lead">${plural(props.apps.length, 'app')} may act for ${
    props.owner ? html`<bdi>${props.owner.name}</bdi>` : 'you'
  }. One that is disconnected has to be allowed again before it can do anything.</p>
<ul class="items">${props.apps.map((app) => item(app, props))}</ul>
${props.more && html`<p class="quiet">There are older ones. Disconnect what you do not use to see them.</p>`}`;

const others = html`<p class="quiet small">As an administrator you see another person’s apps at <code>/apps?person=ID</code>, with the id that the audit log has for them.</p>`;

/** The clients a person connected, each with a form that ends all its grants. Posts `csrf`, and `person` where it is another's. */
export const appsPage = (props: AppsProps): string => {
  const { owner } = props;
  return page({
    frame: props,
    title: 'Connected apps',
    current: routes.apps.path,
    width: 'sheet',
    main: html`<h1>Connected apps${owner && html` of <bdi>${owner.name}</bdi>`}</h1>
${props.notice !== undefined && html`<div class="notice success" role="status"><p>${props.notice}</p></div>`}
${owner && html`<p class="quiet small">Person <code class="value">${owner.personId}</code>. What you disconnect here is recorded for them and for you.</p>`}
${props.apps.length > 0 ? list(props) : none(props)}
${accountSection(props)}
${props.admin && !props.elsewhere && !owner && others}`,
  });
};
