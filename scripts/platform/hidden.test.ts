import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askHidden } from './hidden.ts';

const asked = () => {
  const terminal = { stdin: new PassThrough(), stderr: new PassThrough() };
  return { ...terminal, answer: askHidden('Value: ', terminal), shown: text(terminal.stderr) };
};

describe('a question for a secret', () => {
  it('takes a line and shows nothing of it', async () => {
    const { stdin, stderr, answer, shown } = asked();
    stdin.write('hunter2 is it\r');
    expect(await answer).toBe('hunter2 is it');
    stderr.end();
    expect(await shown).toBe('Value: \n');
  });

  it('ends when nobody answers', async () => {
    const { stdin, answer } = asked();
    stdin.write('hunter\u0003');
    await expect(answer).rejects.toThrow('Nothing was entered.');
  });
});
