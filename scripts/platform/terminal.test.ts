import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { duration, openTerminal, type Stream } from './terminal.ts';

/** A stream that keeps what is written to it. */
const kept = (isTTY: boolean, columns?: number) => {
  let written = '';
  const sink = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      written += text;
      done();
    },
  });
  const stream: Stream = Object.assign(sink, { isTTY, columns });
  return { stream, text: () => written };
};
const open = (isTTY: boolean, columns?: number) => {
  const [out, err] = [kept(isTTY, columns), kept(isTTY, columns)];
  return { terminal: openTerminal(out.stream, err.stream), out, err };
};
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('in a pipe', () => {
  it('what lasts is a line that is begun at once and grows by a dot a second', async () => {
    const { terminal, err } = open(false);
    const done = terminal.during('Planning dev', () => sleep(4500));
    expect(err.text()).toBe('Planning dev ');
    await jest.advanceTimersByTimeAsync(3000);
    expect(err.text()).toBe('Planning dev ...');
    await jest.advanceTimersByTimeAsync(1500);
    await done;
    expect(err.text()).toBe('Planning dev .... 4.5 s\n');
  });

  it('other lines stand alone, and what lasts goes on after them', async () => {
    const { terminal, out, err } = open(false);
    const done = terminal.during('Applying dev', async (tell) => {
      tell('3 done');
      terminal.err('aws_vpc.it: Creating...');
      terminal.out('result');
      await sleep(2500);
    });
    await jest.advanceTimersByTimeAsync(2500);
    await done;
    expect(out.text()).toBe('result\n');
    expect(err.text()).toBe('Applying dev \naws_vpc.it: Creating...\nApplying dev: 3 done (1.0 s) .. 3 done, 2.5 s\n');
  });

  it('a minute fills a line', async () => {
    const { terminal, err } = open(false);
    const done = terminal.during('Waiting', () => sleep(121_000));
    await jest.advanceTimersByTimeAsync(121_000);
    await done;
    expect(
      err
        .text()
        .split('\n')
        .map((line) => line.replace(/\.{2,}/, '…')),
    ).toEqual(['Waiting …', 'Waiting (1 min 1 s) … 2 min 1 s', '']);
  });

  it('says how long it lasted that failed, and throws what it threw', async () => {
    const { terminal, err } = open(false);
    await expect(terminal.during('Planning', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(err.text()).toBe('Planning failed after 0.0 s\n');
  });
});

describe('on a terminal', () => {
  it('what lasts is one line, written over every second and cut to the width', async () => {
    const { terminal, err } = open(true, 20);
    const done = terminal.during('Planning staging-us-east-1', () => sleep(2500));
    await jest.advanceTimersByTimeAsync(2500);
    await done;
    const frames = err.text().split('\r\u001B[2K').slice(1);
    expect(frames.slice(0, -1)).toEqual(['Planning staging-us', 'Planning staging-us', 'Planning staging-us']);
    expect(frames.at(-1)).toBe('Planning staging-us-east-1  2.5 s\n');
  });

  it('gives way to other lines', () => {
    const { terminal, out, err } = open(true, 80);
    const pending = terminal.during('Planning', () => new Promise(() => {}));
    terminal.out('result');
    expect(out.text()).toBe('result\n');
    const clear = '\r\u001B[2K';
    expect(err.text()).toBe(`${clear}Planning  0.0 s${clear}${clear}Planning  0.0 s`);
    expect(pending).toBeInstanceOf(Promise);
  });
});

it.each([
  [120, '0.1 s'],
  [12_800, '12 s'],
  [185_000, '3 min 5 s'],
])('%d ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
