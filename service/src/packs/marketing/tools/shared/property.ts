/** Search Console properties in their only spelling, which approvals of accounts name. */
import { z } from 'zod';
import { propertySpelling } from '../../../../../../contracts/google-accounts.ts';
import type { AccountRef } from '../../../../ports/accounts.ts';

const isDomain = /^sc-domain:[a-z0-9-]+(\.[a-z0-9-]+)+$/;

const isProperty = (text: string): boolean => {
  if (isDomain.test(text)) return true;
  const url = URL.parse(text);
  return (
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    url.href === text &&
    text.endsWith('/') &&
    `${url.search}${url.hash}${url.username}${url.password}` === ''
  );
};

const Spelled = z
  .string()
  .max(2000)
  .overwrite((text) => propertySpelling(text.trim()))
  .refine(isProperty, 'must be sc-domain:example.com, or an address that ends in a slash such as https://example.com/');

export const Property = Spelled.describe('sc-domain:example.com or https://example.com/');

export const ofProperty = (siteUrl: string): readonly AccountRef[] => [{ api: 'GSC', accountId: siteUrl }];

const isWeb = (text: string): boolean => /^[!-~]+$/.test(text) && /^https?:$/.test(URL.parse(text)?.protocol ?? '');

/** A site without a path is its root: an address of the root has a slash. */
const isBare = (text: string): boolean => /^https?:\/\/[^/?#]+$/i.test(text);

/** The address of a page or file, exactly as it was written: only what has no place in an address is encoded. */
export const WebAddress = z
  .string()
  .max(2000)
  .overwrite((text) => (/^[!-~]*$/.test(text) && !isBare(text) ? text : (URL.parse(text)?.href ?? text)))
  .refine(isWeb, 'must be an address such as https://example.com/page');

/** Whether a page is one of the property's. */
export const isOfProperty = (address: string, property: string): boolean => {
  const domain = /^sc-domain:(.+)$/.exec(property)?.[1];
  const url = URL.parse(address);
  if (domain === undefined) return url?.href.startsWith(property) ?? false;
  return url?.hostname === domain || (url?.hostname.endsWith(`.${domain}`) ?? false);
};
