/** A person at a browser who signs in where their company does. */
import { routes } from '../../../contracts/routes.ts';
import type { Seen } from '../../../service/test/rigs/browser.ts';
import { all, parseMarkup } from '../../../service/test/rigs/markup.ts';
import { Person } from '../../../service/test/rigs/person.ts';

const companyHref = (page: Seen): string => {
  const links = all(parseMarkup(page.body), 'a').map(({ attributes }) => attributes.href ?? '');
  const link = links.find((href) => href.startsWith(routes.signInAtProvider.path));
  if (link === undefined) throw new Error(`no way to the company's sign-in from ${page.url.href}: ${page.body}`);
  return new URL(link, page.url).href;
};

export class Employee extends Person {
  override async open(url: string, until?: string): Promise<Seen> {
    const seen = await this.browser.open(url, until);
    if (seen.url.pathname !== routes.signIn.path) return seen;
    const there = await this.browser.open(companyHref(seen), until);
    if (there.body.includes('name="login"')) return this.browser.submit(there, { login: this.name }, until);
    // From a session there one comes straight back.
    if (there.status < 400) return there;
    throw new Error(`no login at ${there.url.href} ${there.status} ${there.body}`);
  }
}
