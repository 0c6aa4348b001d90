/** `npm run audit:files -- --folder audit-log`: files of the export against one another and their hashes, without the store. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { AnchorContent } from '../service/src/audit/anchor.ts';
import { type AnchoredHashes, type FilesReport, verifyFiles } from '../service/src/audit/export/verify.ts';
import { plural } from '../service/src/measures/words.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { json } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

const Anchor = z.object({ content: AnchorContent });

const namesIn = async (option: string, folder: string): Promise<string[]> => {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length));
  } catch (error) {
    throw new OperatorProblem(
      `--${option} ${folder} cannot be read: ${error instanceof Error ? error.message : error}.`,
      {
        cause: error,
      },
    );
  }
};

const contentOf = (text: string): AnchorContent | undefined => {
  try {
    return Anchor.parse(JSON.parse(text)).content;
  } catch {
    return undefined;
  }
};

/** Hashes that the anchors in a folder name. Their signatures are `audit:verify`’s to check, which has the key. */
const anchoredIn = async (folder: string): Promise<AnchoredHashes> => {
  const anchored = new Map<string, Map<number, string>>();
  for (const name of await namesIn('anchors', folder)) {
    const parsed = contentOf(await readFile(join(folder, name), 'utf8'));
    if (parsed === undefined) throw new OperatorProblem(`--anchors ${folder}: ${name} is not an anchor.`);
    for (const [userId, [sequence, hash]] of Object.entries(parsed.heads))
      anchored.set(userId, (anchored.get(userId) ?? new Map()).set(sequence, hash));
  }
  return anchored;
};

const described = ({ files, records, chains, expired, behind, problems }: FilesReport): string =>
  [
    `${plural(records, 'record')} of ${plural(chains.length, 'chain')} in ${plural(files, 'file')}.`,
    ...expired.map((what) => `Expired before they were exported: ${what}.`),
    ...behind.map((what) => `Not exported yet: ${what}.`),
    ...problems.map((problem) => `BROKEN ${problem}.`),
    ...(problems.length === 0 && files > 0 ? ['No gap, no duplicate, and every record has its hash.'] : []),
  ].join('\n');

export const auditFiles = defineCommand({
  name: 'audit:files',
  summary: 'Checks exported files of the audit log: no gap, no duplicate, every hash.',
  notes: [
    'For auditors: it needs neither the store nor a key, only a copy of audit-log/ of the archive bucket. Each record must have',
    'its hash and name the one before it, in this file or the one before. With a copy of anchors/, whose objects are locked,',
    'the records must also be those that the anchors name, and each chain that they name must be there.',
  ].join('\n'),
  exits: { 0: 'whole', 1: 'broken', 2: 'there are no files, or they could not be read' },
  options: {
    folder: { type: 'string', value: 'FOLDER', description: 'Copy of audit-log/.' },
    anchors: { type: 'string', value: 'FOLDER', description: 'Copy of anchors/. Default: the files alone.' },
    json,
  },
  run: async ({ folder, anchors }, host) => {
    if (folder === undefined)
      throw new UsageProblem('--folder is required: a copy of audit-log/ of the archive bucket.');
    const anchored = anchors === undefined ? undefined : await anchoredIn(anchors);
    const files = (await namesIn('folder', folder)).map((name) => ({
      name: name.replaceAll(sep, '/'),
      read: () => readFile(join(folder, name)),
    }));
    const report = await during(host, 'Reading the files', () => verifyFiles(files, nowOf(host), anchored));
    host.out(described(report));
    host.report(report);
    if (report.problems.length > 0) return exitCodes.failed;
    return report.files === 0 ? exitCodes.attention : exitCodes.done;
  },
});

await runAsProgram(import.meta.main, auditFiles);
