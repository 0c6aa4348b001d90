import { type Html, html } from './html.ts';

/** An account by its id, with what people call it where that is known. */
export const accountWords = (accountId: string, names: ReadonlyMap<string, string>): Html => {
  const name = names.get(accountId);
  return html`${accountId}${name !== undefined && html` (<bdi>${name}</bdi>)`}`;
};
