import { routes } from '../../../../contracts/routes.ts';
import { clientIdentity, clientTitle } from '../client.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import type { StepUpProps } from '../props.ts';

const raised = (props: StepUpProps, end: string): Html =>
  html`<h1>Done: go back to the app</h1>
<div class="notice success" role="status"><p>Until ${time(end)}, ${clientTitle(props.client)} may do this in your name:</p><ul>${props.scopes.map(
    ({ description }) => html`<li>${description}</li>`,
  )}</ul></div>
<p>Ask your agent to try again. You can close this page.</p>`;

const question = (props: StepUpProps): Html =>
  html`<h1>Let ${clientTitle(props.client)} do more for ${props.minutes} minutes?</h1>
${clientIdentity(props.client)}
<form method="post" action="${props.action}"><input type="hidden" name="csrf" value="${props.csrf}"><input type="hidden" name="client_id" value="${props.client.clientId}">${props.scopes.map(
    ({ name }) => html`<input type="hidden" name="scope" value="${name}">`,
  )}
<h2>In your name, it could</h2><ul class="plain-list">${props.scopes.map(
    ({ name, description }) => html`<li><strong>${description}</strong><br><code>${name}</code></li>`,
  )}</ul>
<p class="quiet">After ${props.minutes} minutes it is back to reading. Each change still waits for a person’s answer, in that time too.</p>
<div class="actions"><button class="button">Allow for ${props.minutes} minutes</button><a class="button plain" href="${routes.home.path}">Not now</a></div></form>`;

/** Asks to raise a client's scopes for some minutes, or says that they are. Posts `csrf`, `client_id` and `scope`s. */
export const stepUpPage = (props: StepUpProps): string =>
  page({
    frame: props,
    title: props.raisedUntil === undefined ? 'Allow more for a while' : 'Allowed',
    width: 'card',
    main: props.raisedUntil === undefined ? question(props) : raised(props, props.raisedUntil),
  });
