/**
 * The port to where files for auditors are kept. The service only adds to it: it reads nothing back and takes nothing away.
 * @example await archive.create('0a1b…/0000000001-0000000500.ndjson.gz', bytes) // false: there is such a file already
 */
export interface Archive {
  /** For people: a bucket and prefix, or a folder. */
  readonly place: string;
  /** Writes a file whole, once and for all. False, and nothing written, if there is one of this name. @throws when it is away */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
}
