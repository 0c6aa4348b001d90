/** Asks for a secret at the terminal: what is typed or pasted appears nowhere, and no history keeps it. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OperatorProblem } from './problem.ts';

export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** @throws OperatorProblem when the operator gives up (Ctrl-C, Ctrl-D) */
export const askHidden = (question: string, { stdin, stderr }: Terminal): Promise<string> => {
  // Readline echoes what is typed to its output, so that leads nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    reader.once('line', resolve);
    reader.once('close', () => reject(new OperatorProblem('Nothing was entered. Nothing was changed.')));
  }).finally(() => {
    reader.close();
    stderr.write('\n');
  });
};
