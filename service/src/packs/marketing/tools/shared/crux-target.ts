/** What the Chrome UX Report may be asked about. */
import { z } from 'zod';
import { WebAddress } from './property.ts';

/** A slash behind it is dropped; a path is not, because a page is another question. */
const spelled = (text: string): string => {
  const url = URL.parse(text.trim());
  return url !== null && url.pathname === '/' && url.search === '' && url.hash === '' ? url.origin : text.trim();
};
const isOrigin = (text: string): boolean => /^https?:/.test(text) && URL.parse(text)?.origin === text;

export const SiteOrigin = z
  .string()
  .max(2000)
  .overwrite(spelled)
  .refine(isOrigin, 'must be a site such as https://example.com, without a path: for one page ask by url')
  .describe('A site: https://example.com');
export const PageUrl = WebAddress.describe('One page');

const factors = ['PHONE', 'TABLET', 'DESKTOP', 'ALL'] as const;
export const FormFactor = z.enum(factors).default('ALL').describe('Device');
export const Weeks = z.int().min(1).max(40).default(25).describe('Back');
