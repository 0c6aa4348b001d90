/** What waits for what in an apply, as `terraform graph -plan=<file>` prints it. */

/** Whether `later` is done only once `earlier` is; both as nodes of the graph. */
export interface Order {
  readonly waitsFor: (later: string, earlier: string) => boolean;
  /** Nodes that destroy a resource: of what stood before, or of what a replacement left. */
  readonly destroying: (address: string) => readonly string[];
}

const edge = /^\s*"\[root\] (?<later>[^"]+)" -> "\[root\] (?<earlier>[^"]+)"\s*$/;
const node = /^\s*"\[root\] (?<name>[^"]+)" \[/;
const destroys = /^(?<address>\S+) \(destroy(?: deposed [0-9a-f]+)?\)$/;

const reaches = (edges: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean => {
  const seen = new Set([from]);
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const next of edges.get(name) ?? []) {
      if (next === to) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  return false;
};

/** @param dot text in the language of graphviz */
export const readGraph = (dot: string): Order => {
  const edges = new Map<string, string[]>();
  const destroying = new Map<string, string[]>();
  for (const line of dot.split('\n')) {
    const { later, earlier } = edge.exec(line)?.groups ?? {};
    if (later !== undefined && earlier !== undefined) edges.set(later, [...(edges.get(later) ?? []), earlier]);
    const { name = '' } = node.exec(line)?.groups ?? {};
    const { address } = destroys.exec(name)?.groups ?? {};
    if (address !== undefined) destroying.set(address, [...(destroying.get(address) ?? []), name]);
  }
  return {
    waitsFor: (later, earlier) => reaches(edges, later, earlier),
    destroying: (address) => destroying.get(address) ?? [],
  };
};
