import { html } from '../html.ts';
import { page } from '../layout.ts';
import type { DownloadProps } from '../props.ts';

/** Says that a file is being saved, which the Refresh header of the response begins by itself. */
export const downloadPage = (props: DownloadProps): string =>
  page({
    frame: props,
    title: 'Your file',
    width: 'card',
    main: html`<h1>Your file</h1>
<p><bdi>${props.fileName}</bdi> is being saved. If nothing happens within a minute, <a href="${props.href}">save it</a>; after that, open your link again.</p>`,
  });
