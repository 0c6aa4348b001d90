/**
 * `npm run attack -- [--store embedded,postgres,dynamodb] [--rounds N]`: tries to make the service break its promise and
 * counts how often it does. Exit code 0 when every count is zero, else 1. See docs/security.md.
 */
import process, { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { attacks } from './attacks/index.ts';
import { countNames } from './count.ts';
import { type AttackReport, runAttacks } from './run-attacks.ts';
import { storeKinds } from './store.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    store: { type: 'string', default: storeKinds.map(({ name }) => name).join() },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});

const usage = `npm run attack -- [--store ${storeKinds.map(({ name }) => name).join()}] [--rounds 5]\n`;
const rounds = Number(values.rounds);
const wanted = values.store.split(',');
const unknown = wanted.filter((name) => !storeKinds.some((kind) => kind.name === name));

const columns = ['store', 'operations', 'answers', 'effects', 'records', ...countNames] as const;
const rowOf = (report: AttackReport): string[] => {
  const { findings, ...figures } = report;
  return columns.map((column) =>
    String(column in figures ? Reflect.get(figures, column) : findings.filter(({ count }) => count === column).length),
  );
};
const line = (cells: readonly string[]): string =>
  `${cells.map((cell, place) => cell.padEnd((columns[place]?.length ?? 0) + 2)).join(' ')}\n`;

if (values.help) stdout.write(usage);
else if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `${unknown.length > 0 ? `--store: there is no ${unknown.join()}` : '--rounds: a whole number from 1'}\n${usage}`,
  );
  process.exitCode = 2;
} else {
  const reports: AttackReport[] = [];
  for (const kind of storeKinds.filter(({ name }) => wanted.includes(name)))
    reports.push(await runAttacks(kind, attacks, rounds, (told) => void stdout.write(`${told}\n`)));
  for (const { store, findings } of reports)
    for (const { count, what } of findings) stdout.write(`${store}: ${count}: ${what}\n`);
  stdout.write(line(columns));
  for (const report of reports) stdout.write(line(rowOf(report)));
  process.exitCode = reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
}
