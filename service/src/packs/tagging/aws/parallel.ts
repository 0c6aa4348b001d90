/** Work done some at a time. */

/** Runs tasks, `limit` at once, and yields each result as it comes. The first failure ends it. */
export async function* asTheyFinish<T>(tasks: readonly (() => Promise<T>)[], limit: number): AsyncGenerator<T> {
  const running = new Map<number, Promise<{ at: number; value: T }>>();
  let next = 0;
  const fill = (): void => {
    for (; next < tasks.length && running.size < limit; next++) {
      const at = next;
      const task = tasks[at];
      if (task)
        running.set(
          at,
          task().then((value) => ({ at, value })),
        );
    }
  };
  fill();
  try {
    while (running.size > 0) {
      const { at, value } = await Promise.race(running.values());
      running.delete(at);
      fill();
      yield value;
    }
  } finally {
    // Whoever stops listening must not be struck by the failures of what still runs.
    for (const each of running.values()) each.catch(() => undefined);
  }
}

/** Everything that several sources yield, as it comes, from `limit` of them at once. */
export async function* asTheyYield<T>(sources: readonly (() => AsyncGenerator<T>)[], limit: number): AsyncGenerator<T> {
  const running = new Map<AsyncGenerator<T>, Promise<{ source: AsyncGenerator<T>; result: IteratorResult<T> }>>();
  const advance = (source: AsyncGenerator<T>): void => {
    running.set(
      source,
      source.next().then((result) => ({ source, result })),
    );
  };
  let begun = 0;
  const fill = (): void => {
    for (; begun < sources.length && running.size < limit; begun++) {
      const open = sources[begun];
      if (open) advance(open());
    }
  };
  fill();
  try {
    while (running.size > 0) {
      const { source, result } = await Promise.race(running.values());
      running.delete(source);
      if (!result.done) advance(source);
      fill();
      if (!result.done) yield result.value;
    }
  } finally {
    for (const [source, next] of running) {
      next.catch(() => undefined);
      source.return(undefined).catch(() => undefined);
    }
  }
}

/** All results in the order of the items, `limit` at once. */
export const inParallel = async <T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: { at: number; value: R }[] = [];
  const tasks = items.map((item, at) => async () => ({ at, value: await work(item) }));
  for await (const result of asTheyFinish(tasks, limit)) results.push(result);
  return results.sort((a, b) => a.at - b.at).map((result) => result.value);
};

/** What `settled` gives back: what succeeded and why the rest did not, both in the order of the items. */
export interface Settled<R> {
  readonly results: R[];
  readonly errors: unknown[];
}

/** As inParallel, but one item that fails does not take the others with it. */
export const settled = async <T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<Settled<R>> => {
  const outcomes = await inParallel(items, limit, (item) =>
    work(item).then(
      (value) => ({ ok: true, value }) as const,
      (error: unknown) => ({ ok: false, error }) as const,
    ),
  );
  return {
    results: outcomes.flatMap((each) => (each.ok ? [each.value] : [])),
    errors: outcomes.flatMap((each) => (each.ok ? [] : [each.error])),
  };
};
