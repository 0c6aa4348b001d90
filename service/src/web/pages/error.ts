import { routes } from '../../../../contracts/routes.ts';
import { html, lines } from '../html.ts';
import { page } from '../layout.ts';
import type { ErrorProps } from '../props.ts';

/** What went wrong, in words for the person, and the id to tell whoever looks after the service. */
export const errorPage = (props: ErrorProps): string =>
  page({
    frame: props,
    title: props.title,
    width: 'card',
    main: html`<p class="eyebrow">Error ${props.status}</p>
<h1>${props.title}</h1>
<p>${lines(props.message)}</p>
<p><a href="${routes.home.path}">Back to the start</a></p>
<p class="quiet small">If this keeps happening, tell your administrator this id: <code class="value">${props.requestId}</code></p>`,
  });
