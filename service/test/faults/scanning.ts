/**
 * A program for killed-scan.test.ts: the service as it is, but that each scan is a job at once, and that it never hears of the account
 * that STOPS_AT names.
 */
import process from 'node:process';
import { parseConfig } from '../../src/config.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import { start } from '../../src/start/start.ts';

const stopsAt = process.env.STOPS_AT;
let serving = false;

const tagging: OpenPack = (services) => {
  const { tables } = services;
  const query: typeof tables.query = (table, range) =>
    serving && table === 'sandbox-resources' && range.partition === stopsAt
      ? new Promise(() => {})
      : tables.query(table, range);
  return openTagging(
    { ...services, tables: { ...tables, query } },
    {
      limits: { resources: 0, seconds: 0, callMs: 40_000, waitMs: 0 },
    },
  );
};

await start(parseConfig(process.env), { packs: { tagging } });
serving = true;
