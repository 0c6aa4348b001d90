import { clean } from '../../../untrusted.ts';
import { type Html, html } from '../../../web/html.ts';

/** An account by its id, and its name where that is known and another. */
export const namedAccount = (accountId: string, names: ReadonlyMap<string, string>): Html => {
  const name = names.get(accountId);
  return html`${accountId}${name !== undefined && name !== accountId && html` (<bdi>${clean(name)}</bdi>)`}`;
};
