/** The URL of a call: nothing that a person wrote can leave its segment, its parameter or the base. */
import { CountersignError } from '../errors.ts';
import type { UpstreamCall } from '../ports/upstream.ts';

const encoded = (name: string, value: string): string => {
  // A URL drops such segments, and what stands before two dots.
  if (value === '' || /^\.{1,2}$/.test(value) || !value.isWellFormed())
    throw new CountersignError('invalid_input', `${name}: must not be empty, one dot or two dots.`);
  return encodeURIComponent(value);
};

const pathOf = ({ path, params = {} }: Pick<UpstreamCall, 'path' | 'params'>): string => {
  if (!path.startsWith('/') || path.startsWith('//') || /[?#\\\s]/.test(path))
    throw new Error(`${path}: the path of a call begins with one slash and has no query`);
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path}: params lacks ${name}`);
    return encoded(name, value);
  });
};

export const targetOf = (base: URL, call: Pick<UpstreamCall, 'path' | 'params' | 'query' | 'secrets'>): URL => {
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${pathOf(call)}`);
  for (const [name, value] of Object.entries({ ...call.query, ...call.secrets?.query })) {
    const each = typeof value === 'object' ? value : [value];
    for (const one of each) if (one !== undefined) url.searchParams.append(name, String(one));
  }
  return url;
};
