import { frame, waitingProps } from '../../test/browser/fixtures.ts';
import { time } from './format.ts';
import { html } from './html.ts';
import { operationPage } from './index.ts';
import { inZone } from './zone.ts';

it('adds the time of the zone, and the day where it is another', () => {
  const page = html`${time('2026-11-20T21:51:00.000Z')} ${time('2026-11-20T23:30:00.000Z')}`.toString();
  expect(inZone(page, 'Europe/Berlin')).toBe(
    '<time datetime="2026-11-20T21:51:00.000Z">20 Nov 2026, 21:51 UTC (22:51 CET)</time> <time datetime="2026-11-20T23:30:00.000Z">20 Nov 2026, 23:30 UTC (21 Nov, 00:30 CET)</time>',
  );
});

it('knows summer time', () => {
  expect(inZone(time('2026-07-01T10:00:00Z').toString(), 'America/New_York')).toContain('(06:00 GMT-4)');
});

it('leaves a page in UTC, and what only looks like a time, as it is', () => {
  const page = html`<p>${'<time datetime="2026-11-20T21:51:00.000Z">x</time>'}</p>`.toString();
  expect(inZone(page, 'Europe/Berlin')).toBe(page);
  const utc = time('2026-11-20T21:51:00.000Z').toString();
  expect([inZone(utc, undefined), inZone(utc, 'UTC')]).toEqual([utc, utc]);
});

it('is how every page shows its times', () => {
  const page = operationPage({ ...waitingProps(), ...frame, timeZone: 'Asia/Tokyo' });
  expect(page.match(/ UTC \([^)]*GMT\+9\)<\/time>/g)?.length).toBe(page.match(/<time /g)?.length);
});
