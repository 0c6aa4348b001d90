import { html } from '../html.ts';
import { page } from '../layout.ts';
import type { OnwardProps } from '../props.ts';

/** Says that an answer was taken and leads on, which the Refresh header of the response does by itself. */
export const onwardPage = (props: OnwardProps): string =>
  props.to === undefined
    ? page({
        frame: props,
        title: 'Going back to the app',
        width: 'card',
        main: html`<h1>Going back to the app</h1>
<p>Your answer is on its way. If nothing happens, <a href="${props.href}">continue</a>.</p>
<p class="quiet">You can close this page once the app has answered.</p>`,
      })
    : page({
        frame: props,
        title: `Going to ${props.to}`,
        width: 'card',
        main: html`<h1>Going to ${props.to}</h1>
<p>Sign in there with the account that you mean, and allow what is asked. If nothing happens, <a href="${props.href}">continue</a>.</p>`,
      });
