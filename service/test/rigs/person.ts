/** A demo person at a browser: signs in where asked, allows what they mean to, and answers operations on their page. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, type Seen, textOn } from './browser.ts';
import { all, parseMarkup } from './markup.ts';

/** Ids of the sandbox's people. */
export type DemoPerson = 'ana' | 'ben' | 'vera' | 'ada' | 'max';

export interface Consent {
  /** Scopes that are ticked; default all that the page offers. */
  readonly tick?: readonly string[];
  /** Default allow. */
  readonly decision?: 'allow' | 'deny';
}

type Answer = 'approve' | 'confirm' | 'deny';

const isSignIn = ({ url }: Seen): boolean => url.pathname === '/sign-in';

export class Person {
  readonly name: DemoPerson;
  readonly browser = new Browser();

  constructor(name: DemoPerson) {
    this.name = name;
  }

  /** Opens a page of the service; signs in if that is in the way. */
  async open(url: string, until?: string): Promise<Seen> {
    return this.#signedIn(await this.browser.open(url, until), until);
  }

  async #signedIn(seen: Seen, until?: string): Promise<Seen> {
    return isSignIn(seen) ? this.browser.submit(seen, { person: this.name }, until) : seen;
  }

  /**
   * Carries out a client's redirect to the authorization page: sign-in, consent, and back.
   * @param authorizeUrl where the client sends the person
   * @returns the callback with code or error; the client itself is not called
   * @throws with the page, where the journey ends on one
   */
  async authorize(authorizeUrl: string | URL, consent: Consent = {}): Promise<URL> {
    const url = new URL(authorizeUrl);
    const until = url.searchParams.get('redirect_uri') ?? '';
    const page = await this.open(url.href, until);
    const { tick = offeredOn(page), decision = 'allow' } = consent;
    const back = await this.browser.submit(page, { decision, scope: tick }, until);
    if (back.url.href.startsWith(until)) return back.url;
    throw new Error(`no way back to the client from ${back.status} ${back.url.href}: ${textOn(back)}`);
  }

  /** Raises what a step_up_url names, and returns the page that says so, or why not. */
  async stepUp(stepUpUrl: string): Promise<Seen> {
    const page = await this.open(stepUpUrl);
    return formFor(page, '/step-up') ? this.browser.submit(page, {}) : page;
  }

  /** Answers the operation of an approval_url on its page, after signing in again where it asks for that. @throws with the page, when it does not offer that answer */
  async answer(approvalUrl: string, decision: Answer, comment = ''): Promise<Seen> {
    const first = await this.open(approvalUrl);
    const signInAgain = all(parseMarkup(first.body), 'a').find(({ attributes }) =>
      attributes.href?.includes('again=1'),
    );
    const page = signInAgain ? await this.open(new URL(signInAgain.attributes.href ?? '', first.url).href) : first;
    if (!answersOn(page).includes(decision)) throw new Error(`${this.name} may not ${decision}: ${textOn(page)}`);
    return this.followed(await this.browser.submit(page, { decision, comment }));
  }

  /** As a browser does with the page of an operation that is being applied: looks again until it is over. */
  async followed(seen: Seen): Promise<Seen> {
    for (let page = seen; ; page = await this.browser.open(page.url.href)) {
      const [refresh] = all(parseMarkup(page.body), 'meta', { 'http-equiv': 'refresh' });
      if (refresh === undefined) return page;
      await sleep(Number(refresh.attributes.content) * 1000);
    }
  }
}

const formFor = (seen: Seen, path: string): boolean =>
  all(parseMarkup(seen.body), 'form').at(-1)?.attributes.action?.startsWith(path) ?? false;

/** Scopes a consent page offers, ticked or not. */
export const offeredOn = (seen: Seen): string[] =>
  all(parseMarkup(seen.body), 'input', { name: 'scope' }).map(({ attributes }) => attributes.value ?? '');

/** Answers an operation's page offers to whoever looks at it. */
export const answersOn = (seen: Seen): string[] =>
  all(parseMarkup(seen.body), 'button', { name: 'decision' }).map(({ attributes }) => attributes.value ?? '');
