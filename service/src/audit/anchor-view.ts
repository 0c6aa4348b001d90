/** What the anchors say together: the newest of each chain. Read back from the newest to the last one that names all. */
import { type AnchorContent, hashOfAnchor, readAnchor } from './anchor.ts';
import type { Anchors } from './anchors.ts';
import { NO_HASH } from './chain.ts';
import type { Pin } from './finding.ts';
import type { Keyring } from './mac.ts';

export interface AnchorProblem {
  readonly number: number;
  readonly detail: string;
}

export type AnchoredPins = ReadonlyMap<string, Pin & { readonly from: number }>;

export interface AnchorView {
  readonly place: string;
  /** The newest that could be read. */
  readonly newest?: { readonly number: number; readonly time: string };
  /** Number and SHA-256 of the last one that is there, readable or not; 0 and zeros where there is none. */
  readonly last: { readonly number: number; readonly hash: string };
  /** By partition; `from` is the first record its head vouched for. */
  readonly pins: AnchoredPins;
  /** ISO time of the one that names all chains, from which the pins are put together. */
  readonly completeAt?: string;
  /** Epoch milliseconds. Undefined while there is no anchor. */
  readonly unsignedUntil?: number;
  readonly problems: readonly AnchorProblem[];
}

const gaps = (numbers: readonly number[], after: number): AnchorProblem[] => {
  const problems: AnchorProblem[] = [];
  let expected = after + 1;
  for (const number of numbers) {
    if (number > expected)
      problems.push({
        number: expected,
        detail: number === expected + 1 ? 'it is gone' : `it is gone, and all up to ${number - 1}`,
      });
    expected = number + 1;
  }
  return problems;
};

/** From the newest back to one that is complete, newest first. */
const readBack = async (anchors: Anchors, keys: Keyring, numbers: readonly number[]) => {
  const contents: AnchorContent[] = [];
  const problems: AnchorProblem[] = [];
  let expected: string | undefined;
  let last = { number: 0, hash: NO_HASH };
  for (const number of numbers.toReversed()) {
    const text = (await anchors.read(number)) ?? '';
    if (last.number === 0) last = { number, hash: hashOfAnchor(text) };
    if (expected !== undefined && expected !== hashOfAnchor(text))
      problems.push({ number, detail: 'the one after it names another hash for it' });
    const read = await readAnchor(keys, number, text);
    if ('problem' in read) {
      problems.push({ number, detail: String(read.problem) });
      expected = undefined;
      continue;
    }
    contents.push(read);
    expected = read.previous;
    if (read.complete) break;
  }
  return { contents, problems, last };
};

const pinsOf = (contents: readonly AnchorContent[]): AnchoredPins => {
  const pins = new Map<string, Pin & { from: number }>();
  for (const { heads } of contents.toReversed())
    for (const [partition, [sequence, hash, from]] of Object.entries(heads))
      pins.set(partition, { sequence, hash, from });
  return pins;
};

/** @param after anchors up to this number are not looked for */
export const viewAnchors = async (anchors: Anchors, keys: Keyring, after = 0): Promise<AnchorView> => {
  const numbers = await anchors.numbers(after);
  const { contents, problems, last } = await readBack(anchors, keys, numbers);
  const newest = contents[0];
  const oldest = contents.at(-1);
  return {
    place: anchors.place,
    last,
    pins: pinsOf(contents),
    problems: [...gaps(numbers, after), ...problems],
    ...(oldest?.complete === true && { completeAt: oldest.time }),
    ...(newest && {
      newest: { number: newest.number, time: newest.time },
      unsignedUntil: Date.parse(newest.unsignedUntil),
    }),
  };
};

/** All of them, for a verifier: also whether any was deleted or written over where they are kept. */
export const examineAnchors = async (anchors: Anchors, keys: Keyring): Promise<AnchorView> => {
  const view = await viewAnchors(anchors, keys);
  const tampered = (await anchors.tampered()).map((detail) => ({ number: view.last.number, detail }));
  return { ...view, problems: [...view.problems, ...tampered] };
};
