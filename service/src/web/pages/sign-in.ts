import { routes } from '../../../../contracts/routes.ts';
import { clientTitle } from '../client.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import type { SignInProps } from '../props.ts';

type DemoPerson = NonNullable<SignInProps['people']>[number];

const choice = ({ personId, name, email, may }: DemoPerson): Html =>
  html`<li><button class="choice" name="person" value="${personId}"><strong><bdi>${name}</bdi></strong> <span class="quiet">${email}</span> <span class="may">${may}</span></button></li>`;

const hidden = ({ csrf, returnTo, again }: SignInProps): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="return_to" value="${returnTo}">${again && html`<input type="hidden" name="again" value="1">`}`;

const demoPeople = (props: SignInProps, people: readonly DemoPerson[]): Html =>
  html`<form method="post" action="${routes.signInAs.path}">${hidden(props)}<fieldset><legend>Choose who you are</legend><ul class="choices">${people.map(choice)}</ul></fieldset></form>
<p class="quiet">There are no passwords here: the sandbox trusts whoever reaches it.</p>`;

// A link and not a form: form-action would also have to name every host the provider's own redirects pass through.
const company = ({ providerHref }: SignInProps): Html =>
  html`<p>You will sign in where your company keeps its accounts, and come back here.</p>
${providerHref !== undefined && html`<p><a class="button" href="${providerHref}">Continue to your company’s sign-in</a></p>`}`;

const asking = ({ asks }: SignInProps): Html | false =>
  asks !== undefined &&
  html`<p><strong>${clientTitle(asks)}</strong> asks for access. It calls itself “<bdi>${asks.name}</bdi>”. What it asks for comes next; signing in allows nothing yet.</p>`;

/**
 * Asks who is there. With demo people, a form that posts `person` (a personId), `return_to`, `again` and `csrf` to the
 * sign-in route; otherwise a link to the company's provider.
 */
export const signInPage = (props: SignInProps): string =>
  page({
    frame: props,
    title: props.again ? 'Sign in again' : 'Sign in',
    width: 'card',
    main: html`<h1>${props.again ? 'Sign in again' : 'Sign in'}</h1>
${props.error !== undefined && html`<div class="notice problem" role="alert"><p>${props.error}</p></div>`}
${asking(props)}
${props.again && html`<p>You are about to allow more than reading, so we ask once more who is there. This guards against a screen left open.</p>`}
${props.people ? demoPeople(props, props.people) : company(props)}`,
  });
