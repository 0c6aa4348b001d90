/** Where an alert goes: a walk of the tree, and the group that it is told with. */
import { sha256 } from '../../../canonical.ts';
import { compileMatchers, type Labels, matchersWords } from '../model/matchers.ts';
import type { RouteNode } from '../model/route.ts';
import { parseDuration, spanWords } from './duration.ts';

/** A node with what it inherits. Spans are milliseconds. */
export interface Route {
  /** The matchers from the root down to it: `{} / {site_code="CZA0021"}`. */
  readonly path: string;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
}

interface Node {
  readonly route: Route;
  readonly goesOn: boolean;
  readonly matches: (labels: Labels) => boolean;
  readonly children: readonly Node[];
}

/** What the root has where the tree says nothing. */
const DEFAULTS = { groupBy: [], groupWait: 30_000, groupInterval: 300_000, repeatInterval: 14_400_000 } as const;

const spanIn = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : (parseDuration(text) ?? otherwise);

const compileNode = (node: RouteNode, parent: Omit<Route, 'path'>, above: string): Node => {
  const words = matchersWords(node.matchers ?? []);
  const route: Route = {
    path: above === '' ? words : `${above} / ${words}`,
    receiver: node.receiver ?? parent.receiver,
    groupBy: node.group_by ?? parent.groupBy,
    groupWait: spanIn(node.group_wait, parent.groupWait),
    groupInterval: spanIn(node.group_interval, parent.groupInterval),
    repeatInterval: spanIn(node.repeat_interval, parent.repeatInterval),
  };
  return {
    route,
    goesOn: node.continue ?? false,
    matches: compileMatchers(node.matchers ?? []),
    children: (node.routes ?? []).map((child) => compileNode(child, route, route.path)),
  };
};

/** The node itself only where no child takes the alert: https://prometheus.io/docs/alerting/latest/configuration/#route */
const taking = ({ route, children }: Node, labels: Labels): Route[] => {
  const taken: Route[] = [];
  for (const child of children) {
    if (!child.matches(labels)) continue;
    taken.push(...taking(child, labels));
    if (!child.goesOn) break;
  }
  return taken.length === 0 ? [route] : taken;
};

/** The routes that take alerts with these labels: at least one, in the order of the tree. */
export type Router = (labels: Labels) => readonly Route[];

const compileTree = (tree: RouteNode): Node => compileNode(tree, { ...DEFAULTS, receiver: tree.receiver ?? '' }, '');

export const createRouter = (tree: RouteNode): Router => {
  const root = compileTree(tree);
  return (labels) => taking(root, labels);
};

const nodesBelow = (node: Node): Node[] => [node, ...node.children.flatMap(nodesBelow)];

const routeWords = ({ route, goesOn }: Node): string => {
  const { receiver, groupBy, groupWait, groupInterval, repeatInterval } = route;
  const groups = groupBy.length === 0 ? 'in one group' : `grouped by ${groupBy.join(', ')}`;
  const times = `after ${spanWords(groupWait)}, every ${spanWords(groupInterval)}, again after ${spanWords(repeatInterval)}`;
  return `${receiver}, ${groups}, ${times}${goesOn ? ', and goes on' : ''}`;
};

/** Every node of a tree in words, with what it inherits, by its path. Nodes with the same matchers are numbered. */
export const treeWords = (tree: RouteNode): Record<string, string> => {
  const words: Record<string, string> = {};
  for (const node of nodesBelow(compileTree(tree))) {
    const { path } = node.route;
    let name = path;
    for (let at = 2; Object.hasOwn(words, name); at += 1) name = `${path} #${at}`;
    words[name] = routeWords(node);
  }
  return words;
};

/** Alerts of one group are told together. */
export interface AlertGroup {
  /** 32 hex digits of the key. */
  readonly id: string;
  readonly key: string;
  readonly route: Route;
  readonly labels: Readonly<Record<string, string>>;
}

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number => (one < other ? -1 : 1);

/** A group is of one route, receiver and set of values, so that a node that moves in the tree begins its groups anew. */
export const groupOf = (route: Route, labels: Labels): AlertGroup => {
  const names = route.groupBy.includes('...') ? [...labels.keys()] : route.groupBy;
  const pairs = [...new Set(names)].map((name) => [name, labels.get(name) ?? ''] as const).sort(byName);
  const key = `${route.receiver}: ${route.path}: {${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
  return { id: sha256(key).slice(0, 32), key, route, labels: Object.fromEntries(pairs) };
};
