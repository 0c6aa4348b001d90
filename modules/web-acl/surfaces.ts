/** Paths of the surfaces on which requests look like attacks and are none. */
import { enabled, providersOf, webhooksOf } from '../../contracts/packs/index.ts';
import { routes } from '../../contracts/routes.ts';
import type { Surface } from './managed-rules.ts';

/** `/oauth/` is a path and what is below it, `/mcp` a path alone. */
export type SurfacePaths = Readonly<Record<Surface, readonly string[]>>;

/** The path without its last part, which a parameter or `*` fills. */
const above = (path: string): string => path.replace(/[^/]*$/, '');
const wellKnown = '/.well-known/';
const calls = [routes.mcp.path, `${routes.mcp.path}/`];

/** Forms in which people write sentences: comments, reasons and notes. */
const forms = [
  routes.denySeveral.path,
  above(routes.approval.path),
  above(routes.operation.path),
  routes.requestAccess.path,
  `${routes.requestAccess.path}/`,
];

/** Countersign's own routes. */
export const countersignSurfaces: SurfacePaths = {
  signIn: [above(routes.oauth.path), above(routes.interaction.path), routes.signIn.path, `${routes.signIn.path}/`],
  words: [...calls, ...forms],
  programs: [...calls, above(routes.oauth.path), wellKnown, routes.health.path],
};

/** What people write into forms of packs, and what upstreams send to webhooks, which is signed. Without what a parameter fills. */
const packForms = (packs: readonly string[]): readonly string[] =>
  enabled(packs).flatMap(([, { routes: own = {} }]) =>
    Object.values(own)
      .filter(({ method }) => method === 'POST')
      .map(({ path }) => path.replace(/:.*$/, '')),
  );

/**
 * Those of the enabled packs too. Providers of accounts send people back as sign-in providers do.
 * @param packs names of those that are enabled
 */
export const surfacesWith = (packs: readonly string[]): SurfacePaths => ({
  ...countersignSurfaces,
  words: [...countersignSurfaces.words, ...packForms(packs)],
  programs: [...countersignSurfaces.programs, ...webhooksOf(packs).map(({ path }) => path)],
  signIn: [
    ...countersignSurfaces.signIn,
    ...(providersOf(packs).length > 0 ? [above(routes.accountConnected.path.replace(/:provider.*$/, ''))] : []),
  ],
});

/**
 * Of an image that is not ours only the facade is known. Its OAuth endpoints are taken to be where MCP's specification
 * of 2025-03-26 says without metadata (section 2.3.3), or below /oauth/, and callbacks below /callback or /auth/.
 */
export const customSurfaces = (healthPath: string): SurfacePaths => {
  const oauth = ['/authorize', '/token', '/register', '/revoke', '/callback', '/oauth/', '/oauth2/', '/auth/'];
  return { signIn: oauth, words: calls, programs: [...calls, ...oauth, wellKnown, healthPath] };
};
