import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

// A process of its own: in jest, undici and Node's fetch have different globals.
it('loading it leaves Node’s fetch its own dispatcher', async () => {
  const program = `
    const place = Symbol.for('undici.globalDispatcher.1');
    const { Agent } = await import('./undici.ts');
    await fetch('data:,x');
    const own = globalThis[place];
    console.log(own !== undefined && !(own instanceof Agent) && own.constructor.name);
  `;
  const run = promisify(execFile);
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname });
  expect(stdout.trim()).toBe('Agent');
});
