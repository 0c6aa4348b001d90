/** Notes every secret that passes between this process and a service, in either direction. */
import { z } from 'zod';
import { all, parseMarkup } from '../rigs/markup.ts';

/** Members of token and registration answers that are secrets. */
const Secrets = z.object({
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  client_secret: z.string().optional(),
});

/** Parameters of addresses and forms that are secrets. */
const parameters = ['code', 'code_verifier', 'refresh_token', 'csrf', 'token'];

export interface Eavesdropper {
  /** By kind, such as `cookie _session` or `access_token`. */
  readonly secrets: ReadonlyMap<string, string>;
  stop(): void;
}

export const eavesdrop = (): Eavesdropper => {
  const { fetch } = globalThis;
  const secrets = new Map<string, string>();
  const note = (kind: string, value: string | null | undefined): void => {
    // Shorter ones are found everywhere by chance.
    if (value !== null && value !== undefined && value.length >= 12) secrets.set(value, kind);
  };
  const noteParameters = (text: string): void => {
    const found = new URLSearchParams(text);
    for (const name of parameters) for (const value of found.getAll(name)) note(name, value);
  };
  const noteAddress = (url: string): void => noteParameters(url.split('?')[1] ?? '');
  const noteAnswer = async (response: Response): Promise<void> => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      note(`cookie ${pair.slice(0, at)}`, pair.slice(at + 1));
    }
    noteAddress(response.headers.get('location') ?? '');
    noteAddress(response.headers.get('refresh') ?? '');
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/html'))
      for (const { attributes } of all(parseMarkup(text), 'input', { name: 'csrf' })) note('csrf', attributes.value);
    if (!type.includes('application/json')) return;
    const { data } = Secrets.safeParse(JSON.parse(text || '{}'));
    for (const [kind, value] of Object.entries(data ?? {})) note(kind, value);
  };
  globalThis.fetch = async (input, init) => {
    noteAddress(String(input));
    if (init?.body instanceof URLSearchParams) noteParameters(init.body.toString());
    const response = await fetch(input, init);
    await noteAnswer(response.clone());
    return response;
  };
  return {
    secrets,
    stop: () => {
      globalThis.fetch = fetch;
    },
  };
};
