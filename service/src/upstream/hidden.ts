/** Takes keys and tokens out of text that an API or a library wrote about a call. */
import { redact } from '../telemetry/redact.ts';
import { clean } from '../untrusted.ts';

/** Shorter values would take ordinary words out as well. */
const fewestCharacters = 4;
/** Of text from outside that an error carries. */
const mostSaid = 300;

/** As it was sent, without the scheme of an Authorization header, and as URLs, forms and JSON write it. */
const formsOf = (secret: string): string[] =>
  [secret, secret.replace(/^[A-Za-z]+ +/, '')].flatMap((value) => [
    value,
    encodeURIComponent(value.toWellFormed()),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
  ]);

/** Redacts before it cuts: half a key is a key's half. Control characters are made visible. */
export const saidAbout = (text: string, secrets: readonly string[]): string => {
  const forms = secrets
    .flatMap(formsOf)
    .filter(({ length }) => length >= fewestCharacters)
    .sort((a, b) => b.length - a.length);
  let hidden = text;
  for (const form of forms) hidden = hidden.replaceAll(form, '***');
  return clean(redact(hidden.replace(/\s+/g, ' ').trim()), mostSaid);
};
