import { repository } from '../modules/testing/synthesized.ts';
import { emulate } from './emulate.ts';
import { runCommand } from './platform/command.ts';

const run = async (...args: string[]): Promise<{ code: number; said: string }> => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const host = { root: repository, env: process.env, out: say, err: say, ask: undefined };
  return { code: await runCommand(emulate, args, host), said: lines.join('\n') };
};

describe('emulate --cutover', () => {
  it('deploys nothing, so what looks at a deployment does not go with it', async () => {
    for (const other of ['--check', '--keep', '--destroy']) {
      const { code, said } = await run('--environment', 'prod', '--cutover', other);
      expect([code, said]).toEqual([64, expect.stringContaining('--cutover deploys nothing')]);
    }
    expect(await run('--environment', 'prod', '--cutover', '--serve')).toMatchObject({ code: 64 });
  });

  it('names an environment that has two colours where there is no load balancer', async () => {
    const { code, said } = await run('--environment', 'examples/startup/prod', '--cutover');
    expect(code).toBe(1);
    expect(said).toContain('--environment examples/tag-governance/prod');
  });
});
