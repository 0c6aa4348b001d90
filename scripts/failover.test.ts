/** The home moved and tried, on a stand-in for AWS, with resolvers that follow its records and health checks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateHealthCheckCommand } from '@aws-sdk/client-route-53';
import { repository } from '../modules/testing/synthesized.ts';
import { openDynamoHome } from '../service/src/home/register.ts';
import { doctor } from './doctor.ts';
import { failoverWith } from './failover.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import type { FailingOver } from './operate/failover/failing-over.ts';
import { move } from './operate/failover/move.ts';
import { lacking } from './operate/failover/replication.ts';
import { eu, onTwoRegions, quick, us } from './operate/failover/rig.ts';
import { rehearse, step } from './operate/rehearsal.ts';
import { scale } from './scale.ts';

describe('failover', () => {
  const {
    standIn,
    route53,
    isInverted,
    sets,
    tasksIn,
    run,
    look,
    put,
    homeIn,
    stop,
    operatedTwo,
    world,
    root,
    checks,
    resolver,
    ignore,
  } = onTwoRegions();

  it('and what its runbook names are rehearsed', async () => {
    await world();
    const back = ['--environment', 'two', '--region', us, '--colour', 'blue', '--desired', '2', '--yes'];
    await rehearse(
      'region-failure.md',
      [
        step('doctor', [0, 1, 2], () =>
          standIn.run(doctor, ['--environment', 'two', '--region', us], { root: root() }),
        ),
        step('failover --dry-run', [0, 2], () => run('--region', eu, '--dry-run')),
        step('failover', [0, 2], () => run('--region', eu)),
        step('scale', [0], () => standIn.run(scale, back, { root: root() })),
        step('failover --drill', [0, 2], () => run('--region', us, '--drill')),
      ],
      standIn,
    );
    expect(await homeIn(eu)).toMatchObject({ region: eu });
  });

  describe('a drill', () => {
    it('leads callers there and back, measures, and moves no home', async () => {
      await world();
      const before = await sets();
      // The doctor has something to say of a stand-in, so the drill is not called proven.
      expect(await run('--region', eu, '--drill')).toBe(2);
      expect(standIn.said()).toMatch(/eu-west-1 answered after [\d.]+ s; us-east-1 answers again/);
      expect(await isInverted(us)).toBe(false);
      expect(await sets()).toEqual(before);
      expect(await homeIn(eu)).toBeUndefined();
      expect(await tasksIn(us)).toBe(2);
    });

    it('puts everything back when no resolver follows, and is refused while a check is inverted', async () => {
      await world();
      await route53().send(new UpdateHealthCheckCommand({ HealthCheckId: checks()[us], Inverted: true }));
      expect(await run('--region', eu, '--drill')).toBe(1);
      expect(standIn.said()).toContain('--restore');
      await look();
      expect(standIn.said()).toContain('is led away from us-east-1');
      expect(await run('--restore', '--dry-run')).toBe(2);
      expect(await isInverted(us)).toBe(true);
      expect(await run('--restore')).toBe(0);
      expect(await isInverted(us)).toBe(false);
      expect(await run('--restore', '--dry-run')).toBe(0);
      ignore();
      expect(await run('--region', eu, '--drill', '--json')).toBe(2);
      expect(standIn.said()).toContain('"not-reached"');
      expect(await isInverted(us)).toBe(false);
    });

    it('moves and drills nothing where it is to put back, or where no resolver can be asked', async () => {
      await world();
      expect(await run('--region', eu, '--restore')).toBe(64);
      expect(await run('--drill', '--restore')).toBe(64);
      expect(await run('--region', eu, '--resolver', 'dns.google')).toBe(64);
      expect(standIn.said()).toContain('--resolver is the address of a resolver');
      expect(await tasksIn(us)).toBe(2);
      expect(await homeIn(eu)).toBeUndefined();
    });

    it('lets the records change roles where there is no health check, and back', async () => {
      await world({ withChecks: false });
      const before = await sets();
      expect(await run('--region', eu, '--drill')).toBe(2);
      expect(standIn.said()).toContain('its two records change roles');
      expect(standIn.said()).toMatch(/eu-west-1 answered after/);
      expect(await sets()).toEqual(before);
    });

    it('leaves the records as they were after kill -9 and after an interrupt', async () => {
      await world();
      ignore();
      const program = `
        import { failoverWith } from ${JSON.stringify(join(repository, 'scripts/failover.ts'))};
        import { runCommand } from ${JSON.stringify(join(repository, 'scripts/platform/command.ts'))};
        import { hostOfProcess } from ${JSON.stringify(join(repository, 'scripts/platform/host.ts'))};
        const command = failoverWith({ everyMs: 20, stopMs: 1, leaseMs: 1, replicationMs: 1, resolveMs: 60000, answerMs: 20000 });
        const args = ['--environment', 'two', '--region', 'eu-west-1', '--drill', '--yes', '--resolver', '127.0.0.1:${resolver().address().port}'];
        process.exitCode = await runCommand(command, args, { ...hostOfProcess(), root: ${JSON.stringify(root())} });`;
      for (const signal of ['SIGKILL', 'SIGINT'] as const) {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
          stdio: 'ignore',
          env: process.env,
        });
        while (!(await isInverted(us))) await sleep(50);
        child.kill(signal);
        await once(child, 'exit');
        while (await isInverted(us)) await sleep(50);
        expect(await isInverted(us)).toBe(false);
      }
    });
  });

  describe('a move', () => {
    it('stops the old home, waits, moves the record one epoch on, and is done once', async () => {
      await world();
      await put(us, 'audit-heads', { userId: 'ana', sequence: 3, hash: 'h', timestamp: '2026-11-29T10:00:00.000Z' });
      const record = { userId: 'ana', timestamp: '2026-11-29T10:00:00.000Z', hash: 'h' };
      const arriving = sleep(100).then(async () => {
        await put(eu, 'audit-heads', { userId: 'ana', sequence: 3, hash: 'h', timestamp: record.timestamp });
        await sleep(50);
        // Of one transaction, and later: the region that takes over is torn until then.
        await put(eu, 'audit-logs', record);
      });
      expect(await run('--region', eu)).toBe(2);
      await arriving;
      expect(await homeIn(eu)).toMatchObject({ region: eu, epoch: 1 });
      // A task of the old home hears of it from the other region before its own copy does.
      const register = openDynamoHome({
        prefix: 'countersign-two-',
        region: us,
        regions: [us, eu],
        endpoint: standIn.url(),
      });
      expect(await register.read()).toBeUndefined();
      expect(await register.readElsewhere()).toEqual([{ region: eu, epoch: 1 }]);
      await register.close();
      expect(await tasksIn(us)).toBe(0);
      expect(standIn.said()).toMatch(
        /eu-west-1 is the home since epoch 1[\s\S]*home_region = "eu-west-1"[\s\S]*Writable after/,
      );
      await put(us, 'home', (await homeIn(eu)) ?? {});
      await look();
      expect(standIn.said()).toContain('eu-west-1 is the home, since epoch 1. home_region is us-east-1');
      expect(await run('--region', eu)).toBe(0);
      expect(standIn.said()).toContain('eu-west-1 is the home already, since epoch 1.');
    });

    it('is refused while something is not copied, and names it', async () => {
      await world();
      await put(us, 'operations', {
        operationId: 'op_1',
        version: 4,
        status: 'applying',
        createdAt: '2026-11-29T10:00:00.000Z',
      });
      expect(await run('--region', eu)).toBe(1);
      expect(standIn.said()).toMatch(/eu-west-1 lacks what us-east-1 has, so the home stays there:\s+operation op_1/);
      expect(await homeIn(eu)).toBeUndefined();
    });

    it('goes on without a region that does not answer only where that is said', async () => {
      await world();
      const operated = await operatedTwo();
      const [from, to] = operated.deployments;
      if (from === undefined || to === undefined) throw new Error('two regions are needed');
      const { of, close } = openClients(us, standIn.url());
      const hanging = {
        send: () => new Promise(() => {}),
        destroy: () => {},
        config: {},
        middlewareStack: { clone: () => ({}), concat: () => ({}) },
      };
      // Nothing answers in the old region, not even no.
      const client: ClientOf = (Client, region = us) =>
        region === us && Client.name === 'ECSClient' ? (hanging as never) : of(Client, region);
      const run: FailingOver = {
        host: standIn.hostWith({ root: root() }),
        operated,
        client,
        pace: { ...quick, answerMs: 100 },
        from,
        to,
        names: [],
        resolvers: [],
        signal: new AbortController().signal,
      };
      await expect(move(run, { region: us, epoch: 0 }, false)).rejects.toThrow(
        /us-east-1 does not say whether its tasks are gone \(TimeoutError\).*--old-region-down/,
      );
      expect(await homeIn(eu)).toBeUndefined();
      expect(await move(run, { region: us, epoch: 0 }, true)).toMatchObject({ home: { region: eu, epoch: 1 } });
      close();
      expect(await homeIn(eu)).toMatchObject({ region: eu, epoch: 1 });
    });

    it('is refused where the other region is not warm, as a drill is, and only said with --dry-run', async () => {
      await world();
      expect(await run('--region', eu, '--dry-run')).toBe(2);
      expect(standIn.said()).toContain('3. the home record to eu-west-1, one epoch on');
      expect(await run('--region', 'eu-west-2')).toBe(64);
      expect(standIn.said()).toContain('its regions are us-east-1, eu-west-1');
      await stop(eu);
      for (const args of [[], ['--drill']]) {
        expect(await run('--region', eu, ...args)).toBe(1);
        expect(standIn.said()).toContain('eu-west-1 is not ready to take over: no task runs in eu-west-1');
      }
      expect(await tasksIn(us)).toBe(2);
      expect(await isInverted(us)).toBe(false);
    });
  });

  it('is refused where an environment has no home, with what to set', async () => {
    expect(await standIn.run(failoverWith(quick), ['--environment', 'dev', '--region', eu])).toBe(1);
    expect(standIn.said()).toContain('environments/dev.tfvars: name two regions and home_region');
  });
});

it('tells what has not arrived by head and version', () => {
  const head = (hash: string) => ({ userId: 'ana', sequence: 1, hash, timestamp: 't' });
  const held = (hash: string, version: number) => ({
    heads: new Map([['ana', head(hash)]]),
    operations: new Map([['op', version]]),
  });
  expect(lacking(held('a', 1), held('a', 1))).toEqual([]);
  expect(lacking(held('a', 2), held('b', 1))).toEqual(['records of ana', 'operation op']);
});
