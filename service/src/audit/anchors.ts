/**
 * The port to where anchors are kept. Whoever can write the service's tables should not be able to delete there.
 * @example await anchors.create(7, text) // false: another task was quicker
 */
export interface Anchors {
  /** For people: a bucket and prefix, or a folder. */
  readonly place: string;
  /** Of those that are there, the numbers after `after`, ascending. */
  numbers(after: number): Promise<number[]>;
  read(number: number): Promise<string | undefined>;
  /** Writes an anchor once and for all. False, and nothing written, if there is one with this number. */
  create(number: number, text: string): Promise<boolean>;
  /** Anchors that were written over or deleted although that cannot be undone here, in words. */
  tampered(): Promise<string[]>;
}
