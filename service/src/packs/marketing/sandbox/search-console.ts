/** Search Console as the sandbox has it. */
import { type Area, refused } from './stand-in.ts';

/** Properties of the sandbox's one Google account. */
export const sandboxSites = [
  { siteUrl: 'sc-domain:example.com', permissionLevel: 'siteOwner' },
  { siteUrl: 'https://shop.example.com/', permissionLevel: 'siteFullUser' },
] as const;

export const searchConsoleArea = (): Area => {
  const sites = new Map<string, { siteUrl: string; permissionLevel: string }>(
    sandboxSites.map((site) => [site.siteUrl, site]),
  );
  return ({ method, path }) => {
    if (!path.startsWith('/webmasters/v3/sites')) return undefined;
    if (method === 'GET' && path === '/webmasters/v3/sites') return { body: { siteEntry: [...sites.values()] } };
    return refused(404, 'NOT_FOUND', 'No such method.');
  };
};
