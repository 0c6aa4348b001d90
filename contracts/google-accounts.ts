/** Accounts at Google in their only spelling, from what people write or copy from Google’s own pages. */

/** Google shows customer ids as 123-456-7890. */
export const customerSpelling = (written: string): string =>
  /^\d{3}-?\d{3}-?\d{4}$/.test(written) ? written.replaceAll('-', '') : written;

/** Hosts are written in small letters, and the root of a site has a slash. */
export const propertySpelling = (written: string): string => {
  if (/^sc-domain:/i.test(written)) return written.toLowerCase();
  return URL.parse(written)?.href ?? written;
};

export const analyticsSpelling = (written: string): string => written.replace(/^properties\//, '');
