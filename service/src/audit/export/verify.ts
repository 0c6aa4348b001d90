/** Checks files of the export without the store and without a key: no gap, no duplicate, every hash. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { canonicalJson } from '../../canonical.ts';
import { hashOf, NO_HASH } from '../chain.ts';
import { AuditRecord } from '../record.ts';
import { exportedRange, type FilePlace, folderOf } from './file.ts';
import { ocsfEvent } from './ocsf.ts';

const decompress = promisify(gunzip);
// Loose: a hash covers every member, also those of a newer version.
const Line = z.looseObject({ unmapped: z.looseObject(AuditRecord.shape) });

/** One file by its name below the export's folder, and how to read it. */
export interface ExportedFile {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/** What anchors say: of a partition, the hashes of some records by their numbers. */
export type AnchoredHashes = ReadonlyMap<string, ReadonlyMap<number, string>>;

export interface ExportedChain {
  /** Of whom it is. */
  readonly userId: string;
  readonly from: number;
  readonly to: number;
  readonly hash: string;
}

export interface FilesReport {
  readonly files: number;
  readonly records: number;
  readonly chains: readonly ExportedChain[];
  /** Records that are in no file because they expired before they were exported, as the record after them says. */
  readonly expired: readonly string[];
  /** Chains that anchors name further than the files go: those of the last quarter of an hour are not exported yet. */
  readonly behind: readonly string[];
  /** What is wrong, one line each. */
  readonly problems: readonly string[];
}

interface Last {
  readonly sequence: number;
  readonly hash: string;
}

class FilesWalk {
  files = 0;
  records = 0;
  readonly chains: ExportedChain[] = [];
  readonly expired: string[] = [];
  readonly problems: string[] = [];
  readonly #anchored: AnchoredHashes;
  readonly #at: number;

  constructor(anchored: AnchoredHashes, now: Date) {
    this.#anchored = anchored;
    this.#at = Math.floor(now.getTime() / 1000);
  }

  /** The files of one partition, in the order of their records. */
  async chain(files: readonly (ExportedFile & FilePlace)[]): Promise<void> {
    let last: Last = { sequence: 0, hash: NO_HASH };
    let first: AuditRecord | undefined;
    for (const file of files) {
      this.files += 1;
      const records = await this.#recordsOf(file);
      if (records === undefined) return;
      for (const record of records) {
        if (!this.#follows(file, record, last)) return;
        first ??= record;
        last = record;
        this.records += 1;
      }
      if (records[0]?.sequence !== file.from || last.sequence !== file.to) {
        this.problems.push(`${file.name}: it holds other records than its name says`);
        return;
      }
    }
    if (first === undefined) return;
    this.chains.push({ userId: first.userId, from: first.sequence, to: last.sequence, hash: last.hash });
  }

  async #recordsOf(file: ExportedFile & FilePlace): Promise<AuditRecord[] | undefined> {
    try {
      const lines = (await decompress(await file.read())).toString().trimEnd().split('\n');
      return lines.map((line) => {
        const { unmapped } = Line.parse(JSON.parse(line));
        if (canonicalJson(ocsfEvent(unmapped)) !== line)
          throw new Error(`event ${unmapped.sequence} differs from its record`);
        return unmapped;
      });
    } catch (error) {
      this.problems.push(`${file.name}: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`);
      return undefined;
    }
  }

  #follows(file: ExportedFile & FilePlace, record: AuditRecord, last: Last): boolean {
    const { sequence, userId, hash } = record;
    const wrong = (what: string) => {
      this.problems.push(`${file.name}: record ${sequence} ${what}`);
      return false;
    };
    if (folderOf(userId) !== file.folder) return wrong(`is of ${userId}, whose folder is another`);
    if (hashOf(record) !== hash) return wrong('does not have its hash');
    if (sequence <= last.sequence) return wrong('is in an earlier file too');
    if (sequence > last.sequence + 1)
      return this.#mayBegin(file, record, last) || wrong(`comes next, and ${last.sequence + 1} is missing`);
    if (record.previousHash !== last.hash) return wrong('does not name the one before it');
    const anchored = this.#anchored.get(userId)?.get(sequence);
    return anchored === undefined || anchored === hash || wrong('is another than the anchors name');
  }

  #mayBegin(file: ExportedFile & FilePlace, { sequence, previousExpires }: AuditRecord, last: Last): boolean {
    // Expired by when the record after them was written, or by now: the service wrote that down then.
    if (previousExpires === undefined || previousExpires > this.#at || sequence !== file.from) return false;
    this.expired.push(`${file.folder}: records ${last.sequence + 1} to ${sequence - 1}`);
    return true;
  }
}

/**
 * @param files in any order
 * @param anchored what anchors say of them; a chain that the anchors name and that has no file is a problem
 */
export const verifyFiles = async (
  files: readonly ExportedFile[],
  now: Date,
  anchored: AnchoredHashes = new Map(),
): Promise<FilesReport> => {
  const walk = new FilesWalk(anchored, now);
  const placed = files.flatMap((file) => {
    const place = exportedRange(file.name);
    if (place === undefined) walk.problems.push(`${file.name}: no file of the export is called so`);
    return place === undefined ? [] : [{ ...file, read: () => file.read(), ...place }];
  });
  const folders = Map.groupBy(placed, ({ folder }) => folder);
  for (const folder of [...folders.keys()].sort())
    await walk.chain((folders.get(folder) ?? []).toSorted((a, b) => a.from - b.from || a.to - b.to));
  for (const userId of anchored.keys())
    if (!folders.has(folderOf(userId))) walk.problems.push(`the anchors name the chain ${userId}, and no file has it`);
  const { records, chains, expired, problems } = walk;
  const behind = chains.flatMap(({ userId, to }) => {
    const newest = Math.max(0, ...(anchored.get(userId)?.keys() ?? []));
    return newest > to ? [`${userId}: files end at record ${to}, anchors at ${newest}`] : [];
  });
  return { files: walk.files, records, chains, expired, behind, problems };
};
