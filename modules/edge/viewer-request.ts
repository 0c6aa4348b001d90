/** What the edge takes out of a request before it goes on: headers by which the platform talks to itself. */
import { previewHeader } from '../../contracts/preview.ts';

export interface ViewerRequestProps {
  /** Headers that nobody outside may send. */
  readonly stripped: readonly string[];
  /** SHA-256 of the secrets that open x-mcp-preview, as a JSON list. Default: the header is taken out always. */
  readonly previewHashes?: string | undefined;
}

const strip = (header: string): string => `  delete request.headers['${header}'];`;

// The listener rule checks the secret again; this keeps guesses, and what is left of old secrets, from getting there.
const checkPreview = `  const preview = request.headers['${previewHeader}'];
  if (preview) {
    const secret = preview.value.slice(preview.value.indexOf(':') + 1);
    const hash = crypto.createHash('sha256').update(secret).digest('hex');
    if (preview.multiValue || !previews.includes(hash)) delete request.headers['${previewHeader}'];
  }`;

/** Source of a CloudFront function, for cloudfront-js-2.0. */
export const viewerRequest = ({ stripped, previewHashes }: ViewerRequestProps): string =>
  [
    ...(previewHashes === undefined ? [] : [`import crypto from 'crypto';`, `const previews = ${previewHashes};`]),
    'function handler(event) {',
    '  const request = event.request;',
    ...stripped.map(strip),
    previewHashes === undefined ? strip(previewHeader) : checkPreview,
    '  return request;',
    '}',
    '',
  ].join('\n');
