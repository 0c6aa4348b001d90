/** PostgreSQL as RDS runs it: TLS or nothing, a password for everybody, and an administrator of its own. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { z } from 'zod';
import type { Block } from './stack.ts';

const administrator = 'rdsadmin';

const connected = async <T>(url: string, work: (sql: (text: string) => Promise<unknown>) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work((text) => client.query(text));
  } finally {
    await client.end();
  }
};

/** @returns the administrator's connection string */
export const secure = async (url: string, certificate: { key: string; cert: string }): Promise<string> => {
  const rules = [`host all ${administrator} 127.0.0.1/32 trust`, 'hostssl all all 127.0.0.1/32 scram-sha-256'];
  await connected(url, async (sql) => {
    // Readable by the server alone, or it does not take them.
    const write = (name: string, text: string) =>
      sql(`copy (select unnest(string_to_array($$${text}$$, E'\\n'))) to program 'umask 077; cat > ${name}'`);
    await sql(`create role ${administrator} superuser login`);
    await write('server.key', certificate.key);
    await write('server.crt', certificate.cert);
    await sql('alter system set ssl = on');
    await write('pg_hba.conf', rules.join('\n'));
    await sql('select pg_reload_conf()');
  });
  return Object.assign(new URL(url), { username: administrator }).href;
};

const Database = z.object({
  db_name: z.string(),
  username: z.string(),
  manage_master_user_password: z.literal(true),
});

/** An empty database and its owner, as an instance's block names them. @returns what RDS keeps in its secret */
export const makeDatabase = (block: Block, url: string): Promise<Record<string, string>> => {
  const { db_name, username } = Database.parse(block);
  const password = randomBytes(24).toString('base64url');
  return connected(url, async (sql) => {
    await sql(`drop database if exists "${db_name}" with (force)`);
    await sql(`do $$ begin create role "${username}" login; exception when duplicate_object then null; end $$`);
    await sql(`alter role "${username}" password '${password}'`);
    await sql(`create database "${db_name}" owner "${username}"`);
    return { username, password };
  });
};
