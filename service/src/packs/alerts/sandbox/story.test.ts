import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { folderObjects } from '../../../objects/folder.ts';
import { linked } from '../../../objects/index.ts';
import { createLinks } from '../../../objects/links.ts';
import { isUnresolved } from '../model/alert.ts';
import { createEvents } from '../store/events.ts';
import { createStates } from '../store/states.ts';
import { createSandboxStory, createSandboxTime } from './play.ts';
import { storyPosts } from './story.ts';

const begun = new Date('2026-05-08T09:00:00.000Z');
const minutesIn = (minutes: number): Date => new Date(begun.getTime() + minutes * 60_000);

describe('the story of the sandbox’s network', () => {
  const week = storyPosts(begun, minutesIn(-7 * 1440), begun);

  it('is the same at every start, and the same whether it is read whole or in parts', () => {
    expect(storyPosts(begun, minutesIn(-7 * 1440), begun)).toEqual(week);
    const parts = [
      storyPosts(begun, minutesIn(-7 * 1440), minutesIn(-2000)),
      storyPosts(begun, minutesIn(-2000), begun),
    ].flat();
    expect(parts).toEqual(week);
  });

  it('goes on for as long as somebody watches', () => {
    expect(storyPosts(begun, minutesIn(30 * 1440), minutesIn(37 * 1440)).length).toBeGreaterThan(50);
  });

  it('has posts as Alertmanager sends them, in the order of their times', () => {
    expect(week.map(({ at }) => at)).toEqual(week.map(({ at }) => at).toSorted((a, b) => a.getTime() - b.getTime()));
    expect(week[0]?.body).toMatchObject({ version: '4', receiver: 'countersign', alerts: [{ status: 'firing' }] });
  });
});

describe('the sandbox', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-alerts-story-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has a power failure under way when it is first opened, which ends once time is moved', async () => {
    const links = createLinks({ key: new Uint8Array(32), publicUrl: 'http://localhost:3000', now: () => begun });
    const objects = linked(folderObjects(folder), links);
    const states = createStates(objects, pino({ level: 'silent' }), () => begun);
    const received: unknown[] = [];
    const open = () => {
      const time = createSandboxTime(() => begun);
      const receive = async (body: unknown) => received.push(body);
      const apply = async () => {};
      return { time, ...createSandboxStory({ objects, states, events: createEvents(objects), time, receive, apply }) };
    };
    const story = open();
    await Promise.all([story.ready(), story.ready()]);
    const worst = (await states.all()).filter((alert) => isUnresolved(alert) && alert.severity === 5);
    expect(worst.map(({ name }) => name).sort()).toEqual(['MainsFailure', ...Array(8).fill('CellOut')].sort());
    expect(new Set(worst.map(({ site_code }) => site_code))).toEqual(new Set(['CZA0021', 'MSH0031', 'HRE0042']));
    expect(received).toEqual([]);
    expect(await story.move(70)).toEqual(minutesIn(70));
    expect(JSON.stringify(received)).toContain('"status":"resolved"');
    const count = received.length;
    const again = open();
    await again.restore();
    expect(again.time.now()).toEqual(minutesIn(70));
    await again.play();
    expect(received).toHaveLength(count);
    await expect(again.move(0)).rejects.toThrow('minutes');
  });
});
