import { plural } from '../../measures/words.ts';
import { clientIdentity, clientTitle } from '../client.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import type { ConsentProps, ScopeProps } from '../props.ts';

const option = (scope: ScopeProps, ticked: boolean, minutes: number): Html =>
  html`<li><label class="option"><input type="checkbox" name="scope" value="${scope.name}"${ticked && html` checked`}><span><strong>${scope.description}</strong>${
    scope.elevated && html` <span class="tag caution">For ${plural(minutes, 'minute')}</span>`
  }<br><code>${scope.name}</code></span></label></li>`;

const facts = ({ address, documentHost, days }: ConsentProps): Html =>
  html`<dl class="facts"><dt>Your answer goes to</dt><dd><code class="value">${address}</code></dd>${
    documentHost !== undefined &&
    html`<dt>Its maker’s document is at</dt><dd><span class="host">${documentHost}</span></dd>`
  }<dt>It stays connected</dt><dd>${
    days === undefined
      ? 'until its token ends, an hour at most'
      : html`for ${plural(days, 'day')}, without asking you again, unless you disconnect it under Apps`
  }</dd></dl>`;

const refusals = (refused: readonly ScopeProps[]): Html =>
  html`<section class="notice" aria-labelledby="refused"><h2 id="refused">Asked for, but not yours to give</h2><ul>${refused.map(
    ({ name, description }) => html`<li>${description} <code>${name}</code></li>`,
  )}</ul><p>Your roles do not include this. Ask an administrator if they should.</p></section>`;

/**
 * Asks whether a client may act for this person. Posts `csrf`, `decision` (allow or deny) and `scope` (one a ticked
 * box) to the action.
 */
export const consentPage = (props: ConsentProps): string => {
  const { client, scopes, refused, minutes } = props;
  const allElevated = scopes.every(({ elevated }) => elevated);
  const mixed = !allElevated && scopes.some(({ elevated }) => elevated);
  return page({
    frame: props,
    title: 'Allow access',
    width: 'card',
    main: html`<h1>Allow ${clientTitle(client)} to act for you?</h1>
${clientIdentity(client)}
${facts(props)}
<form method="post" action="${props.action}"><input type="hidden" name="csrf" value="${props.csrf}">
${
  scopes.length > 0 &&
  html`<fieldset><legend>What it may do in your name</legend><ul class="options">${scopes.map((scope) =>
    option(scope, allElevated || !scope.elevated, minutes),
  )}</ul>${mixed && html`<p class="quiet">Permissions beyond reading are not ticked. Tick one to allow it now; the app can ask again later.</p>`}</fieldset>`
}
${refused.length > 0 && refusals(refused)}
<div class="actions">${scopes.length > 0 && html`<button class="button" name="decision" value="allow">Allow what is ticked</button>`}<button class="button plain" name="decision" value="deny">Refuse</button></div></form>`,
  });
};
