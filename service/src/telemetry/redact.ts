/** What must never be read in a log or a span, found by the name it stands under or by how it looks. */

import { packNames, tokenHeaders } from '../../../contracts/packs/index.ts';

const mark = '[redacted]';

/** Names of headers, fields and parameters whose values are secrets wherever they appear. */
const secretNames =
  `${['authorization', 'proxy-authorization', 'cookie', 'set-cookie', ...tokenHeaders(packNames)].join('|')}|` +
  'x-google-oauth-token|x-api-key|x-amz-security-token|' +
  'access_?token|refresh_?token|id_?token|session_?token|client_?secret|secret_?access_?key|code_?verifier|' +
  'api[-_]?key|password|passwd|encryption_?key|private_?key|csrf_?token|csrf';
/** Parameters that are secrets in a query string or a form; as JSON names they are ordinary. */
const secretParameters = `${secretNames}|code|token|key|state|sig|signature|x-amz-signature|x-amz-credential`;

type Rule = readonly [pattern: RegExp, replacement: string | ((found: string, tail?: string) => string)];

// Log lines hold text from outside. A rule that reads far ahead must match in the end, also what it does not redact:
// else a line that begins the same thing again and again takes quadratic time.
const rules: readonly Rule[] = [
  // A JSON property of that name: a string, or a list as Node keeps set-cookie.
  [
    new RegExp(`"(${secretNames})":(?:"(?:[^"\\\\]|\\\\.)*"|\\[(?:"(?:[^"\\\\]|\\\\.)*"|[^\\]"])*\\]?)`, 'gi'),
    `"$1":"${mark}"`,
  ],
  // The same inside a string that holds JSON, such as an upstream's body.
  [new RegExp(`\\\\"(${secretNames})\\\\":\\s*\\\\"[^"\\\\]*\\\\"`, 'gi'), `\\"$1\\":\\"${mark}\\"`],
  // In the form in which Python prints a dictionary.
  [new RegExp(`'(${secretNames})':\\s*'[^']*'?`, 'gi'), `'$1': '${mark}'`],
  [new RegExp(`([?&;\\s"'](?:${secretParameters})=)[^&\\s"'\\\\;]+`, 'gi'), `$1${mark}`],
  [/\b(bearer|basic|dpop)\s+[\w.~+/=-]{6,}/gi, `$1 ${mark}`],
  // A JSON web token, whatever it is called. RFC 7519: base64url of '{"'.
  [/\beyJ[\w-]{6,}(\.[\w-]{6,}(?:\.[\w-]*)?)?/g, (found, tail) => (tail === undefined ? found : mark)],
  // User information of a URL, as in a database's.
  [/(\w:\/\/)[^/\s"'@\\]+@/g, `$1${mark}@`],
  // Keys that say by their prefix whose they are: AWS, Google.
  [/\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|ya29\.[\w.-]+|GOCSPX-[\w-]+)/g, mark],
];

/** The text with every secret in it replaced. Works on a line of JSON as on plain text; JSON stays JSON. */
export const redact = (text: string): string => {
  let clean = text;
  for (const [pattern, replacement] of rules)
    clean = typeof replacement === 'string' ? clean.replace(pattern, replacement) : clean.replace(pattern, replacement);
  return clean;
};

// Beyond what JSON escapes: DEL and C1 controls move a terminal's cursor, bidirectional marks reorder what is read,
// and the Unicode line separators end a line for some readers.
const unprintable = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The JSON text with characters that could forge what a reader sees written as escapes. */
export const escapeUnprintable = (json: string): string =>
  json.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
