import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderArchive } from '../service/src/archive/folder.ts';
import { writeAnchor } from '../service/src/audit/anchor.ts';
import { NO_HASH } from '../service/src/audit/chain.ts';
import { openAuditExport } from '../service/src/audit/export/export.ts';
import { fileName } from '../service/src/audit/export/file.ts';
import { auditKeys } from '../service/test/rigs/audit-keys.ts';
import { openAudited } from '../service/test/rigs/audited.ts';
import { auditFiles } from './audit-files.ts';
import { runCommand } from './platform/command.ts';

describe('audit:files', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-audit-files-'));
    const { tables, append, head, now } = openAudited();
    await append('ana', 3);
    await openAuditExport({
      tables,
      archive: folderArchive(join(root, 'audit-log')),
      metrics: { count: () => {}, set: () => {} },
      log: { error: () => {}, warn: () => {} },
      now,
    }).run();
    const { sequence, hash } = await head('ana');
    const time = now().toISOString();
    const content = { version: 1, number: 1, previous: NO_HASH, time, complete: true, unsignedUntil: time };
    await mkdir(join(root, 'anchors'));
    await mkdir(join(root, 'empty'));
    const anchor = (heads: Record<string, [number, string, number]>) =>
      writeAnchor(auditKeys[0], { ...content, heads });
    await writeFile(join(root, 'anchors', '0000000001.json'), await anchor({ ana: [sequence, hash, 1] }));
    await mkdir(join(root, 'others'));
    await writeFile(join(root, 'others', '0000000001.json'), await anchor({ ana: [sequence, NO_HASH, 1] }));
  });
  afterAll(() => rm(root, { recursive: true }));

  const run = async (...args: string[]) => {
    const said: string[] = [];
    const host = {
      root: `${import.meta.dirname}/..`,
      env: {},
      out: (line: string) => void said.push(line),
      err: (line: string) => void said.push(line),
      ask: undefined,
    };
    return { code: await runCommand(auditFiles, args, host), said: said.join('\n') };
  };
  const at = (name: string): string => join(root, name);

  it('says that a copy of the export is whole, and reaches what the anchors name', async () => {
    const { code, said } = await run('--folder', at('audit-log'), '--anchors', at('anchors'));
    expect([code, said]).toEqual([0, expect.stringContaining('3 records of 1 chain in 1 file.')]);
    expect(said).toContain('No gap, no duplicate, and every record has its hash.');
  });

  it('reports for machines', async () => {
    const { said } = await run('--folder', at('audit-log'), '--json');
    expect(JSON.parse(said.slice(said.indexOf('{')))).toMatchObject({ records: 3, chains: [{ userId: 'ana', to: 3 }] });
  });

  it('ends with 1 and names what is broken', async () => {
    const { code, said } = await run('--folder', at('audit-log'), '--anchors', at('others'));
    expect([code, said]).toEqual([1, expect.stringContaining(`BROKEN ${fileName('ana', 1, 3)}: record 3 is another`)]);
  });

  it('ends with 2 where there is nothing to check, and names the option', async () => {
    expect((await run('--folder', at('empty'))).code).toBe(2);
    expect(await run('--folder', at('nowhere'))).toMatchObject({ said: expect.stringContaining('--folder') });
    expect(await run()).toMatchObject({ said: expect.stringContaining('--folder is required') });
    const noAnchor = await run('--folder', at('audit-log'), '--anchors', at('audit-log'));
    expect(noAnchor.said).toContain('is not an anchor');
  });
});
