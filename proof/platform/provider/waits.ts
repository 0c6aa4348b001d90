/**
 * Shortens the waits of a running AWS provider. After it has asked for a change, it waits up to a minute before it looks, and up to
 * fifteen seconds before it looks again, whatever it sees: three minutes for a database that stands at once. No setting changes that
 * (https://github.com/hashicorp/terraform-plugin-sdk/issues/1498), and it is two calls of `time.NewTimer` in one function. Here both
 * go through a few instructions that make their time a tenth of a second at most. How often it looks, what it looks for, and after which
 * time it gives up stays as it is: https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.36.1/helper/retry/state.go
 */
import { type FileHandle, open } from 'node:fs/promises';
import process from 'node:process';
import { z } from 'zod';
import { functionsIn } from './functions.ts';
import { keptIn } from './kept.ts';
import type { Program } from './program.ts';

/** Waits, looks, and waits again. Its caller has the timeout. */
const WAITING =
  'github.com/hashicorp/terraform-plugin-sdk/v2/helper/retry.(*StateChangeConf).WaitForStateContext.func1';
const TIMER = 'time.NewTimer';

const Placed = z.object({ start: z.number(), end: z.number() });
const Places = z.object({ waiting: Placed, timer: Placed });
type Places = z.infer<typeof Places>;

/** Undefined where the version has other functions, or is no program for Linux. */
const placesIn = async ({ path, folder }: Program): Promise<Places | undefined> => {
  const found = await keptIn(folder, 'waits.json', async () => {
    const functions = await functionsIn(path, new Set([WAITING, TIMER]));
    return Buffer.from(JSON.stringify({ waiting: functions.get(WAITING), timer: functions.get(TIMER) }));
  });
  return Places.safeParse(JSON.parse(found.toString())).data;
};

/** In nanoseconds, as Go counts. */
const LONGEST = 100_000_000;

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

// Instructions of x86-64; Go passes the first argument in RAX: https://go.dev/s/regabi
const CALL = 0xe8;
const JUMP = 0xe9;
const PADDING = 0xcc;

/** A call or a jump that stands at `from`. It is relative to what follows it. */
const going = (instruction: number, from: number, to: number): Buffer =>
  Buffer.concat([Buffer.from([instruction]), int32(to - from - 5)]);

/** `if (duration > LONGEST) duration = LONGEST`, and on to the timer. */
const atMost = (at: number, timer: number): Buffer => {
  const compare = Buffer.concat([Buffer.from([0x48, 0x3d]), int32(LONGEST)]);
  const move = Buffer.concat([Buffer.from([0xb8]), int32(LONGEST)]);
  const skipMove = Buffer.from([0x7e, move.length]);
  const limit = Buffer.concat([compare, skipMove, move]);
  return Buffer.concat([limit, going(JUMP, at + limit.length, timer)]);
};

/** How far around the function there is room for them. */
const AROUND = 2 ** 16;

const shortenIn = async (memory: FileHandle, { waiting, timer }: Places): Promise<boolean> => {
  const from = waiting.start - AROUND;
  const code = Buffer.alloc(waiting.end - from);
  await memory.read(code, 0, code.length, from);
  const length = atMost(0, 0).length;
  const room = code.subarray(0, AROUND).lastIndexOf(Buffer.alloc(length, PADDING)) + from;
  const calls = Array.from({ length: waiting.end - waiting.start - 5 }, (_, index) => waiting.start + index).filter(
    (at) => code.subarray(at - from, at - from + 5).equals(going(CALL, at, timer.start)),
  );
  if (room < from || calls.length !== 2) return false;
  await memory.write(atMost(room, timer.start), 0, length, room);
  for (const at of calls) await memory.write(going(CALL, at, room), 0, 5, at);
  return true;
};

/** Where it is known how. */
export const waitsAreShort = process.platform === 'linux' && process.arch === 'x64';

/**
 * @param pid a process of the program that waits for nothing yet
 * @returns false where it cannot be done, and the provider waits as it does elsewhere: on another system or processor, or where the
 *   system forbids it to write into a process that it has started
 */
export const shortenWaits = async (program: Program, pid: number): Promise<boolean> => {
  if (!waitsAreShort) return false;
  const places = await placesIn(program);
  if (places === undefined) return false;
  const memory = await open(`/proc/${pid}/mem`, 'r+').catch(() => undefined);
  if (memory === undefined) return false;
  try {
    return await shortenIn(memory, places).catch(() => false);
  } finally {
    await memory.close();
  }
};
