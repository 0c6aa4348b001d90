/** `npm run audit:import -- --from x.db --timezone UTC`: the audit log of the system before this one. */
import { basename, extname } from 'node:path';
import { isTimeZone, timeZoneError } from '../contracts/time-zone.ts';
import { openAuditLog } from '../service/src/audit/log.ts';
import { hmac } from '../service/src/audit/mac.ts';
import type { Audit } from '../service/src/audit/port.ts';
import { deriveSecrets, findEncryptionKey } from '../service/src/auth/secrets.ts';
import { type Config, ConfigError, parseConfig } from '../service/src/config.ts';
import { plural } from '../service/src/measures/words.ts';
import type { TableEngine } from '../service/src/ports/tables.ts';
import { openTables, openToRead } from '../service/src/start/state.ts';
import { StartError } from '../service/src/start-error.ts';
import { type Archive, openArchive } from './operate/audit-import/archive.ts';
import { archiveProblem, sourceProblem, tableProblem } from './operate/audit-import/compare.ts';
import { importRows } from './operate/audit-import/import.ts';
import { importedParts, type Manifest } from './operate/audit-import/manifest.ts';
import { openSource, type Source } from './operate/audit-import/source.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { json } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

interface Stores {
  readonly config: Config;
  readonly tables: TableEngine;
  readonly audit: Audit;
  readonly archive: Archive;
}

/** @param writes false: nothing is written, and a database stays at the version that is in service */
const open = async (host: Host, writes: boolean): Promise<Stores> => {
  const config = parseConfig(host.env);
  const now = () => nowOf(host);
  const key = await findEncryptionKey(config);
  if (key === undefined)
    throw new OperatorProblem('The service has never been started on this store: start it once, then import.');
  const archive = openArchive(config);
  const tables = await (writes
    ? openTables(config, now)
    : openToRead(config, now, ['audit-heads', 'audit-logs', 'imported-audit']));
  const keys = [hmac(deriveSecrets(key).auditKey)] as const;
  const audit = openAuditLog({ tables, now, keys, retentionDays: config.AUDIT_RETENTION_DAYS });
  return { config, tables, audit, archive };
};

/** @throws OperatorProblem where the audit log cannot be written as the service writes it */
const openStores = async (host: Host, writes: boolean): Promise<Stores> => {
  try {
    return await open(host, writes);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartError)
      throw new OperatorProblem(error.message, { cause: error });
    throw error;
  }
};

const nameOf = (file: string | undefined, given: string | undefined): string => {
  const name = given ?? (file === undefined ? undefined : basename(file, extname(file)));
  if (name === undefined) throw new UsageProblem('Say which import: --name, or the file it came from with --from.');
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw new UsageProblem(
    `--name may have letters, digits, dots, - and _, 100 at most, and not be ${JSON.stringify(name)}.`,
  );
};

const zoneOf = (given: string | undefined): string => {
  if (given === undefined) throw new UsageProblem('Say which time zone holds for times without one: --timezone UTC.');
  if (!isTimeZone(given)) throw new UsageProblem(`--timezone ${given} ${timeZoneError}.`);
  return given;
};

const described = ({ rows, first, last }: Manifest): string =>
  `${plural(rows, 'row')}, ${first.n} of ${first.at} to ${last.n} of ${last.at}`;

/** What is not as it was imported, of every part that the audit log names. */
const problemsOf = async (
  { tables, archive }: Stores,
  parts: readonly Manifest[],
  source: Source | undefined,
): Promise<string[]> => {
  const found: string[] = [];
  for (const part of parts) {
    const problems = [
      await tableProblem(tables, part),
      await archiveProblem(archive, part),
      source && (await sourceProblem(tables, source, part)),
    ];
    found.push(...problems.filter((problem) => problem !== undefined));
  }
  return found;
};

const verify = async (host: Running, stores: Stores, importId: string, source: Source | undefined): Promise<number> => {
  const parts = await importedParts(stores.audit, importId);
  if (parts.length === 0) throw new OperatorProblem(`The audit log knows no import ${importId}.`);
  const problems = await during(host, 'Comparing', () => problemsOf(stores, parts, source));
  for (const part of parts) host.out(`${importId}: ${described(part)}`);
  for (const problem of problems) host.out(`CHANGED: ${problem}.`);
  if (problems.length === 0) host.out(`All of it is as it was imported${source ? ', there too' : ''}.`);
  host.report({ importId, outcome: problems.length === 0 ? 'unchanged' : 'changed', parts, problems });
  return problems.length === 0 ? exitCodes.done : exitCodes.failed;
};

interface Asked {
  readonly importId: string;
  readonly zone: string;
  readonly dryRun: boolean | undefined;
  readonly yes: boolean | undefined;
}

const bring = async (host: Running, stores: Stores, source: Source, asked: Asked): Promise<number> => {
  const { importId, zone } = asked;
  const parts = await importedParts(stores.audit, importId);
  const problems = await during(host, 'Comparing with what was imported before', () =>
    problemsOf(stores, parts, source),
  );
  if (problems.length > 0)
    throw new OperatorProblem(`${problems.join('\n')}\nNothing was imported, because imported rows must not change.`);
  const extent = source.extent(parts.at(-1)?.last.n ?? 0);
  if (extent.rows === 0) {
    host.out(`${importId}: there is nothing new in ${source.table}.`);
    host.report({ importId, outcome: 'unchanged', parts });
    return exitCodes.done;
  }
  host.out(`${importId}: ${plural(extent.rows, 'new row')} of ${source.table}, ${extent.first} to ${extent.last}.`);
  if (asked.dryRun === true) {
    host.report({ importId, outcome: 'planned', new: extent, parts });
    return exitCodes.attention;
  }
  await agree(host, asked.yes, 'Imported rows cannot be removed again. Type yes to import them: ');
  const manifest = await during(host, 'Importing', (tell) =>
    importRows(
      { ...stores, source, importId, zone, progress: (rows) => tell(`${rows} of ${extent.rows} rows`) },
      extent,
    ),
  );
  host.out(`Imported ${described(manifest)}. Root ${manifest.root}; file ${stores.archive.place}${manifest.file}`);
  host.report({ importId, outcome: 'imported', imported: manifest, parts: [...parts, manifest] });
  return exitCodes.done;
};

export const auditImport = defineCommand({
  name: 'audit:import',
  summary: 'Imports the audit log of an old system from SQLite into the archive and a table of its own.',
  notes: [
    'Imported rows are in no chain. One record of the audit log names their root, which proves that they have not changed since.',
    'Rows that are new since the last import are added. If a row changed since, it is named and nothing is imported. The store is that of',
    'the service’s own environment, as for audit:verify. get_audit_log shows the rows with source=imported.',
  ].join('\n'),
  exits: {
    0: 'imported, or nothing new; with --verify: all of it is as it was imported',
    1: 'refused; with --verify: something was changed',
    2: 'with --dry-run: there is something to import',
  },
  options: {
    from: { type: 'string', value: 'FILE', description: 'SQLite database; it is only read.' },
    timezone: {
      type: 'string',
      value: 'ZONE',
      description: 'Time zone of times without one, such as UTC or Europe/Berlin.',
    },
    name: {
      type: 'string',
      value: 'NAME',
      description: 'What the import is called. Default: the file’s name without its ending.',
    },
    table: {
      type: 'string',
      value: 'TABLE',
      description: 'Table of the log. Default: the one whose name contains audit.',
    },
    'time-column': {
      type: 'string',
      value: 'COLUMN',
      description: 'Column of a row’s time. Default: timestamp or the like.',
    },
    verify: { type: 'boolean', description: 'Imports nothing: compares table, archive and, with --from, the file.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says how many rows are new, and imports none.' },
  },
  run: async (values, host) => {
    const { from: file, verify: only, table, 'time-column': timeColumn } = values;
    if (file === undefined && only !== true) throw new UsageProblem('Say from which file: --from x.db.');
    const importId = nameOf(file, values.name);
    const zone = file === undefined ? 'UTC' : zoneOf(values.timezone);
    const source =
      file === undefined
        ? undefined
        : await during(host, 'Copying the database', () => openSource({ file, zone, table, timeColumn }));
    try {
      const stores = await openStores(host, only !== true && values['dry-run'] !== true);
      try {
        if (only === true || source === undefined) return await verify(host, stores, importId, source);
        return await bring(host, stores, source, { importId, zone, dryRun: values['dry-run'], yes: values.yes });
      } finally {
        await stores.tables.close();
      }
    } finally {
      await source?.close();
    }
  },
});

await runAsProgram(import.meta.main, auditImport);
