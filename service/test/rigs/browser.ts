/** A person at a browser without scripts: cookies, redirects, and the forms of the pages. */
import { type Element, parseMarkup } from './markup.ts';

export interface Seen {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

const find = (element: Element, tag: string): Element[] =>
  element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.tag === tag ? [child] : []), ...find(child, tag)],
  );

const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** What the page says, without markup. */
export const textOn = (seen: Seen): string => textOf(parseMarkup(seen.body)).replace(/\s+/g, ' ');

export class Browser {
  /** By host, then by name: paths are kept too, for the interaction cookies have them. */
  readonly #cookies = new Map<string, { value: string; path: string; host: string }>();
  readonly visited: string[] = [];

  #cookieHeader(url: URL): string {
    return [...this.#cookies]
      .filter(([, { path, host }]) => host === url.host && url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
  }

  #keep(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      const key = `${name} ${url.host} ${path}`;
      const over = attributes.some((attribute) => /^max-age=0$/i.test(attribute) || /^expires=.*1970/i.test(attribute));
      if (over) this.#cookies.delete(key);
      else this.#cookies.set(key, { value, path, host: url.host });
    }
  }

  /** The value of a cookie, for tests that steal or plant one. */
  cookie(name: string, path?: string): string | undefined {
    const named = [...this.#cookies].filter(([key]) => key.startsWith(`${name} `)).map(([, cookie]) => cookie);
    return named.find((cookie) => path === undefined || cookie.path === path)?.value ?? named[0]?.value;
  }

  plant(url: string, name: string, value: string): void {
    const { host } = new URL(url);
    this.#cookies.set(`${name} ${host} /`, { value, path: '/', host });
  }

  /** One request, no redirects followed. */
  async request(url: string, init: RequestInit = {}): Promise<Seen> {
    const target = new URL(url);
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    headers.set('cookie', this.#cookieHeader(target));
    const response = await fetch(target, { ...init, headers, redirect: 'manual' });
    this.#keep(target, response.headers);
    this.visited.push(`${response.status} ${target.pathname}`);
    return { url: target, status: response.status, headers: response.headers, body: await response.text() };
  }

  /** Follows redirects and Refresh headers until a page, or an address at `until`, which is not asked for. */
  async #follow(seen: Seen, until: string | undefined): Promise<Seen> {
    let at = seen;
    for (let hops = 0; hops < 20; hops++) {
      const refresh = at.headers.get('refresh')?.replace(/^0; url=/, '');
      const next = refresh ?? (at.status >= 300 && at.status < 400 ? at.headers.get('location') : undefined);
      if (!next) return at;
      const url = new URL(next, at.url);
      if (until !== undefined && url.href.startsWith(until)) return { ...at, url, status: 0, body: '' };
      at = await this.request(url.href);
    }
    throw new Error('redirected too often');
  }

  /** Opens an address. @param until a prefix, such as a client's redirect URI, where the journey ends */
  async open(url: string, until?: string): Promise<Seen> {
    return this.#follow(await this.request(url), until);
  }

  /** Sends the page's last form, hidden fields and all. @param fields what the person chooses or types */
  async submit(seen: Seen, fields: Fields, until?: string): Promise<Seen> {
    const forms = find(parseMarkup(seen.body), 'form');
    const form = forms.at(-1);
    if (!form) throw new Error(`no form at ${seen.url.href}: ${seen.body}`);
    const body = new URLSearchParams();
    for (const { attributes } of find(form, 'input'))
      if (attributes.type === 'hidden') body.append(attributes.name ?? '', attributes.value ?? '');
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name);
      for (const one of [value].flat()) body.append(name, one);
    }
    const action = new URL(form.attributes.action ?? '', seen.url);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: seen.url.origin };
    return this.#follow(await this.request(action.href, { method: 'POST', body, headers }), until);
  }
}
