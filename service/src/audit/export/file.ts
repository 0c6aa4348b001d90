/** One file of the export: some records of one partition, in order, one OCSF event a line. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canonicalJson, sha256 } from '../../canonical.ts';
import type { AuditRecord } from '../record.ts';
import { ocsfEvent } from './ocsf.ts';

const compress = promisify(gzip);

/** The media type of what is in it; it is compressed by itself, whoever stores it. */
export const exportType = 'application/gzip';

const DIGITS = 10;
const NAME = /^([0-9a-f]{64})\/(\d{10})-(\d{10})\.ndjson\.gz$/;
const padded = (sequence: number): string => String(sequence).padStart(DIGITS, '0');

/** The folder of a partition. A hash, because names of files are seen by more people than the records are. */
export const folderOf = (userId: string): string => sha256(userId);

/** Sorted by name, the files of a partition are in the order of their records. */
export const fileName = (userId: string, from: number, to: number): string =>
  `${folderOf(userId)}/${padded(from)}-${padded(to)}.ndjson.gz`;

export interface FilePlace {
  readonly folder: string;
  readonly from: number;
  readonly to: number;
}

/** What a name says; undefined for one that the export does not give. */
export const exportedRange = (name: string): FilePlace | undefined => {
  const [, folder, from, to] = NAME.exec(name) ?? [];
  return folder === undefined ? undefined : { folder, from: Number(from), to: Number(to) };
};

/**
 * The same bytes each time that it is made from the same records: members are sorted, because stores give them back in another
 * order, and zlib writes no time.
 */
export const exportedBytes = (records: readonly AuditRecord[]): Promise<Uint8Array> =>
  compress(`${records.map((record) => canonicalJson(ocsfEvent(record))).join('\n')}\n`);
