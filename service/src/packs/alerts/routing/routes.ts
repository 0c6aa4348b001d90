/** The routing tree that is in force. */
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Objects } from '../../../ports/objects.ts';
import { RouteTree } from '../model/route.ts';
import { createDocuments } from '../store/documents.ts';
import { UnreadableObject } from '../store/json-object.ts';
import { DEFAULT_RECEIVER } from './receivers.ts';
import { createRouter, type Router } from './routing.ts';

const Routes = z.object({
  tree: RouteTree,
  /** One more with each change. */
  version: z.int(),
  updated_at: z.iso.datetime(),
  updated_by: z.string(),
});
export type Routes = z.output<typeof Routes>;

export interface RouteBook {
  /** Until somebody sets one: everything to everybody, as version 0. */
  current(): Promise<Pick<Routes, 'tree' | 'version'>>;
  /** Of the tree in force. Of one that nobody can read: everything to everybody, because an alert must not be lost. */
  router(): Promise<Router>;
  /** @param version of what it follows. False, and nothing written, where somebody else wrote in between */
  put(routes: Routes, version: number): Promise<boolean>;
}

const KEY = 'routes';
const untouched = { tree: { receiver: DEFAULT_RECEIVER }, version: 0 } as const;

export const createRouteBook = (objects: Objects, log: Logger): RouteBook => {
  const documents = createDocuments({ objects, log }, 'configs/', Routes);
  /** A tree is compiled once. */
  let compiled: { readonly of: number; readonly text: string; readonly router: Router } | undefined;
  const current: RouteBook['current'] = async () => (await documents.get(KEY))?.value ?? untouched;
  const routed: RouteBook['current'] = async () => {
    try {
      return await current();
    } catch (err) {
      if (!(err instanceof UnreadableObject)) throw err;
      log.error({ err }, 'the routes of alerts cannot be read: everybody is told of everything');
      return untouched;
    }
  };
  return {
    current,
    router: async () => {
      const { tree, version } = await routed();
      const text = JSON.stringify(tree);
      if (compiled === undefined || compiled.of !== version || compiled.text !== text)
        compiled = { of: version, text, router: createRouter(tree) };
      return compiled.router;
    },
    put: async (routes, version) => {
      const found = await documents.get(KEY);
      if ((found?.value.version ?? 0) !== version) return false;
      return documents.put(KEY, routes, found?.etag);
    },
  };
};
