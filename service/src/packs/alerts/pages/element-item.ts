import { clean } from '../../../untrusted.ts';
import { type Html, html } from '../../../web/html.ts';

/** An alarm of a kind of element, whose key is `element_type|name`. */
export const elementItem = (key: string): Html => {
  const at = key.indexOf('|');
  return html`<bdi>${clean(key.slice(at + 1))}</bdi> <span class="quiet small">${key.slice(0, at)}</span>`;
};
