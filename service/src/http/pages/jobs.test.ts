import pino from 'pino';
import { z } from 'zod';
import { openPages } from '../../../test/rigs/pages.ts';
import { createRunner } from '../../jobs/runner.ts';
import { defineWorker, JobFailure } from '../../ports/worker.ts';

/** What stands on the page, without its markup. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/\s+/g, ' ');

const open = async () => {
  const opened = await openPages();
  const { jobsOf, jobTables: tables, now } = opened;
  const jobs = jobsOf('tagging');
  const fail = async () => {
    const runner = createRunner({
      tables,
      log: pino({ level: 'silent' }),
      now,
      mayWork: () => true,
      metrics: { count: () => {} },
    });
    const worker = defineWorker({
      name: 'count',
      description: 'Counts.',
      payload: z.object({ secretive: z.string() }),
      work: async () => {
        throw new JobFailure('the upstream said <b>no</b>', { retry: false });
      },
    });
    runner.add([{ owner: 'tagging', worker }]);
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: { secretive: 'x-payload' }, requestedBy: 'ana' });
    await runner.look();
    await runner.stop(5000);
    return jobId;
  };
  return { ...opened, jobs, fail };
};

describe('the page of jobs', () => {
  it('shows holders of a pack’s scopes its jobs, their payload to those who may decide only, and the service’s to admins', async () => {
    const { browse, fail, jobs, jobsOf } = await open();
    await fail();
    await jobs.enqueue({ worker: 'later', payload: {} });
    await jobs.schedule({ name: 'daily', worker: 'count', payload: {}, cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
    await jobsOf('core').enqueue({ worker: 'sweep-of-core', payload: {} });
    const seen = async (role: 'viewer' | 'analyst' | 'admin') =>
      textOf((await (await browse(role, [role])).get('/jobs')).body);
    const viewer = await seen('viewer');
    expect(viewer).toContain('the upstream said <b>no</b>');
    expect(viewer).toContain('asked for by ana');
    expect(viewer).toMatch(/later.*Waiting/);
    expect(viewer).toMatch(/daily.*30 2 \* \* \*.*Europe\/Berlin/);
    expect(viewer).not.toMatch(/x-payload|sweep-of-core|Try again/);
    expect(await seen('analyst')).toMatch(/x-payload.*Try again/);
    expect(await seen('analyst')).not.toContain('sweep-of-core');
    expect(await seen('admin')).toContain('sweep-of-core');
  });

  it('has a failed job tried again and a waiting one cancelled, on the record', async () => {
    const { browse, fail, jobs, rig } = await open();
    const jobId = await fail();
    const ana = await browse('ana', ['analyst']);
    const answer = await ana.post(`/jobs/${jobId}`, { action: 'replay' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/jobs?decided=replay']);
    expect(await jobs.get(jobId)).toMatchObject({ status: 'waiting', attempts: 0, decidedBy: 'ana' });
    await ana.post(`/jobs/${jobId}`, { action: 'cancel' });
    expect((await jobs.get(jobId))?.status).toBe('cancelled');
    expect(rig.events).toMatchObject([
      { userId: 'ana', tool: 'jobs-page', action: 'write', summary: { replay: jobId, pack: 'tagging' } },
      { userId: 'ana', tool: 'jobs-page', action: 'delete', summary: { cancel: jobId } },
    ]);
  });

  it('lets readers decide nothing, nobody without a form of theirs, and no GET', async () => {
    const { browse, fail, jobs, jobsOf, rig } = await open();
    const jobId = await fail();
    const core = (await jobsOf('core').enqueue({ worker: 'sweep', payload: {} })).jobId;
    const [reader, writer] = [await browse('vic', ['viewer']), await browse('ana', ['analyst'])];
    expect((await reader.post(`/jobs/${jobId}`, { action: 'replay' })).statusCode).toBe(403);
    expect((await writer.post(`/jobs/${core}`, { action: 'cancel' })).statusCode).toBe(404);
    expect((await writer.post(`/jobs/${jobId}`, { action: 'replay', csrf: 'another' })).statusCode).toBe(403);
    expect((await writer.get(`/jobs/${jobId}?action=replay`)).statusCode).toBe(405);
    expect((await jobs.get(jobId))?.status).toBe('failed');
    expect(rig.events).toEqual([]);
  });

  it('lists one status of one pack page by page', async () => {
    const { browse, jobs } = await open();
    for (let n = 0; n < 25; n += 1) await jobs.enqueue({ worker: 'count', payload: { n } });
    const ana = await browse('ana', ['analyst']);
    const first = (await ana.get('/jobs?status=waiting')).body;
    const older = /href="(\/jobs\?status=waiting[^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(first.match(/<li class="item/g)).toHaveLength(20);
    expect((await ana.get(older)).body.match(/<li class="item/g)).toHaveLength(5);
  });
});
