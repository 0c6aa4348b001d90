/** The routing tree: whom an alert reaches, with which others, and how often. Members are named as Alertmanager names them. */
import { z } from 'zod';
import { parseDuration } from '../routing/duration.ts';
import { Matchers } from './matchers.ts';

/** Levels below the root, and nodes of the whole tree. */
const MOST_DEEP = 12;
const MOST_NODES = 500;

const DAY_MS = 86_400_000;

/** A span such as 30s, 5m or 4h. */
const span = (least: number, most: number, be: string) =>
  z.string().refine((text) => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= least && milliseconds <= most;
  }, be);

const own = {
  /** Name of a receiver. Default: the parent's. */
  receiver: z.string().min(1).max(64).optional(),
  /** Labels whose values tell groups apart; `...` is every label. Default: the parent's; the root's is none, which is one group. */
  group_by: z.array(z.string().min(1).max(128)).max(20).optional(),
  /** From the first alert of a group until it is told. */
  group_wait: span(0, DAY_MS, 'must be a span such as 30s, up to 1d').optional(),
  /** Between two messages about a group that changes. */
  group_interval: span(1000, 7 * DAY_MS, 'must be a span such as 5m, from 1s to 7d').optional(),
  /** Until a group that does not change is told again. */
  repeat_interval: span(60_000, 30 * DAY_MS, 'must be a span such as 4h, from 1m to 30d').optional(),
};

export interface RouteNode {
  readonly receiver?: string | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly group_wait?: string | undefined;
  readonly group_interval?: string | undefined;
  readonly repeat_interval?: string | undefined;
  /** All must match. The root has none. */
  readonly matchers?: z.output<typeof Matchers> | undefined;
  /** The nodes after it are tried too. */
  readonly continue?: boolean | undefined;
  readonly routes?: readonly RouteNode[] | undefined;
}

const Node: z.ZodType<RouteNode> = z.strictObject({
  ...own,
  matchers: Matchers.optional(),
  continue: z.boolean().optional(),
  get routes() {
    return z.array(Node).max(MOST_NODES).optional();
  },
});

const shapeOf = (node: RouteNode): { readonly nodes: number; readonly deep: number } => {
  const below = (node.routes ?? []).map(shapeOf);
  return {
    nodes: below.reduce((sum, { nodes }) => sum + nodes, 1),
    deep: below.reduce((most, { deep }) => Math.max(most, deep + 1), 0),
  };
};

export const RouteTree = Node.superRefine((root, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if ((root.matchers ?? []).length > 0) refuse(['matchers'], 'The root takes every alert, so it has no matchers.');
  if (root.continue !== undefined) refuse(['continue'], 'Nothing comes after the root.');
  if (root.receiver === undefined) refuse(['receiver'], 'The root needs a receiver: what no child takes goes there.');
  const { nodes, deep } = shapeOf(root);
  if (nodes > MOST_NODES) refuse(['routes'], `The tree has ${nodes} nodes, and at most ${MOST_NODES} are allowed.`);
  if (deep > MOST_DEEP) refuse(['routes'], `The tree has ${deep} levels, and at most ${MOST_DEEP} are allowed.`);
});

/** Every receiver that a tree names. */
export const receiversIn = (node: RouteNode): ReadonlySet<string> =>
  new Set([
    ...(node.receiver === undefined ? [] : [node.receiver]),
    ...(node.routes ?? []).flatMap((one) => [...receiversIn(one)]),
  ]);
