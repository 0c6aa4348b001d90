/** The accounts at upstreams that a person connected, as a part of the page of apps. */
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { connectAccountHref, disconnectAccountHref } from '../links.ts';
import type { AccountProps, AppsProps } from '../props.ts';

const form = (action: string, { csrf, owner }: AppsProps, button: Html, fields: Html | false = false): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}">${
    owner && html`<input type="hidden" name="person" value="${owner.personId}">`
  }${fields}<div class="actions">${button}</div></form>`;

/** All are ticked at first; later those that may be used already, to which others are added. */
const choice = ({ title, parts = [], connected }: AccountProps): Html | false =>
  parts.length > 0 &&
  html`<fieldset><legend>What to connect of ${title}</legend><div class="ticks">${parts.map(
    ({ name, title: words, allowed }) =>
      html`<label class="tick"><input type="checkbox" name="part" value="${name}"${(allowed || connected === undefined) && html` checked`}> ${words}</label>`,
  )}</div>${connected !== undefined && html`<p class="hint">What you allowed before stays allowed until you disconnect.</p>`}</fieldset>`;

const connect = (account: AccountProps, props: AppsProps): Html | false => {
  const { provider, title, connectable, connected } = account;
  return (
    connectable &&
    form(
      connectAccountHref(provider),
      props,
      html`<button class="${connected === undefined || connected.ended ? 'button' : 'button plain'}">${
        connected === undefined
          ? 'Connect'
          : connected.ended
            ? 'Connect again'
            : account.parts?.length
              ? 'Connect these, or another account'
              : 'Connect another account'
      }<span class="unseen"> at ${title}</span></button>`,
      choice(account),
    )
  );
};

const disconnect = ({ provider, title }: AccountProps, props: AppsProps): Html =>
  form(
    disconnectAccountHref(provider),
    props,
    html`<button class="button plain danger">Disconnect<span class="unseen"> ${title}</span></button>`,
  );

const state = ({ title, connected }: AccountProps): Html => {
  if (connected === undefined)
    return html`<p class="quiet">No account is connected. Tools that act on ${title} need one.</p>`;
  const { account, scopes, since, lastUsedAt, ended } = connected;
  return html`<p class="quiet small">${account !== undefined && html`<bdi>${account}</bdi> · `}connected ${time(since)} · ${
    lastUsedAt === undefined ? 'not used yet' : html`last used ${time(lastUsedAt)}`
  }</p>
${ended && html`<div class="notice caution"><p>${title} no longer accepts this account. Connect it again.</p></div>`}
<details><summary>What it may be used for there</summary><ul class="plain-list">${scopes.map((scope) => html`<li><code class="value">${scope}</code></li>`)}</ul></details>`;
};

const item = (account: AccountProps, props: AppsProps): Html =>
  html`<li class="item panel"><h3>${account.title}</h3>
${state(account)}
${connect(account, props)}
${account.connected !== undefined && disconnect(account, props)}</li>`;

/** Nothing where no tool acts with such an account. Posts `csrf`, and `person` where it is another's. */
export const accountSection = (props: AppsProps): Html | false => {
  const { accounts = [] } = props;
  return (
    accounts.length > 0 &&
    html`<h2>Accounts elsewhere</h2>
<p class="lead">With these accounts tools act in ${props.owner ? html`the name of <bdi>${props.owner.name}</bdi>` : 'your name'} at other companies. Only what ${
      props.owner ? 'they ask' : 'you ask'
    } for uses them.</p>
<ul class="items">${accounts.map((account) => item(account, props))}</ul>`
  );
};
