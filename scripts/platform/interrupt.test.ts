import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { interruptible } from './interrupt.ts';

const lines: string[] = [];
const host = { err: (line: string) => void lines.push(line) };
beforeEach(() => {
  lines.length = 0;
});

it.each(['SIGINT', 'SIGTERM'] as const)(
  'a %s ends the work early, what puts things back is waited for, and a second changes nothing',
  async (signal) => {
    const done: string[] = [];
    const before = process.listenerCount(signal);
    const work = interruptible(host, async (stop) => {
      try {
        process.emit(signal);
        process.emit(signal);
        stop.throwIfAborted();
        done.push('went on');
      } finally {
        await sleep(5);
        done.push('put back');
      }
    });
    await expect(work).rejects.toThrow('Interrupted.');
    expect(done).toEqual(['put back']);
    expect(lines).toEqual(['Interrupted: putting everything back first. Please wait.']);
    expect(process.listenerCount(signal)).toBe(before);
  },
);

it('work that nobody interrupts ends with its result', async () => {
  expect(await interruptible(host, async () => 7)).toBe(7);
  expect(lines).toEqual([]);
});
