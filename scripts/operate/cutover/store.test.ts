/** The object that is a cutover's lock and record, in the stand-in's S3. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { cutoverKey } from '../../../modules/stacks/state.ts';
import { onStandIn } from '../on-stand-in.ts';
import { openOperated } from '../operated.ts';
import { openRun, refuseWhileOpen } from './open-run.ts';
import { type State, states } from './run.ts';
import { sampleRun } from './sample.ts';
import { openStore, RunMoved, type RunStore, storeOn } from './store.ts';

const environment = 'examples/tag-governance/prod';

describe('the object of a cutover', () => {
  const { hostWith } = onStandIn(environment);
  let deployment: Deployment;
  let store: RunStore;
  const s3 = () => new S3Client({ region: 'us-east-1', forcePathStyle: true });

  beforeEach(async () => {
    const { deployments } = await openOperated(hostWith(), { environment });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    store = openStore(deployment);
    await s3().send(new CreateBucketCommand({ Bucket: deployment.settings.state_bucket }));
  });

  it('lies beside the states, one a region', () => {
    expect(cutoverKey(deployment)).toMatch(/^[\w-]+\/prod\/us-east-1\.cutover\.json$/);
  });

  it('is written once: of two that begin, the second is told', async () => {
    expect(await store.read()).toBeUndefined();
    await store.create(sampleRun());
    await expect(store.create(sampleRun({ run: 'second' }))).rejects.toThrow(RunMoved);
    expect((await store.read())?.run).toEqual(sampleRun());
  });

  it('is replaced only by who read it last', async () => {
    const first = await store.create(sampleRun());
    const second = await store.replace(sampleRun({ state: 'warming' }), first);
    await expect(store.replace(sampleRun({ state: 'aborted' }), first)).rejects.toThrow('Somebody else has changed');
    expect((await store.read())?.run.state).toBe('warming');
    await store.replace(sampleRun({ state: 'warm' }), second);
    expect((await store.read())?.run.state).toBe('warm');
  });

  it('knows its own write again where the answer was lost and the client tried once more', async () => {
    const client = s3();
    let lost = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== 'PutObjectCommand' || lost > 0) return answer;
          lost += 1;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        },
      // Within the client's own attempts.
      { step: 'deserialize', priority: 'low' },
    );
    const own = storeOn(client, deployment.settings.state_bucket, cutoverKey(deployment));
    const first = await own.create(sampleRun());
    expect(lost).toBe(1);
    lost = 0;
    const second = await own.replace(sampleRun({ state: 'warming' }), first);
    expect(await own.read()).toEqual(second);
    await expect(own.replace(sampleRun({ state: 'warm' }), first)).rejects.toThrow(RunMoved);
  });

  it('keeps members of a newer release, and refuses what is no cutover', async () => {
    const first = await store.create({ ...sampleRun(), later: { kept: true } });
    const read = await store.read();
    await store.replace({ ...(read?.run ?? sampleRun()), state: 'warm' }, first);
    expect((await store.read())?.run).toMatchObject({ state: 'warm', later: { kept: true } });
    const place = { Bucket: deployment.settings.state_bucket, Key: cutoverKey(deployment) };
    await s3().send(new PutObjectCommand({ ...place, Body: '{"format":2}' }));
    await expect(store.read()).rejects.toThrow('is not a cutover that this release can read');
  });

  it('is an open run until it finished, rolled back or was aborted', async () => {
    let kept = await store.create(sampleRun());
    const open: State[] = [];
    for (const state of states) {
      kept = await store.replace(sampleRun({ state }), kept);
      if ((await openRun(deployment)) !== undefined) open.push(state);
    }
    expect(states.filter((state) => !open.includes(state))).toEqual(['finished', 'rolled-back', 'aborted']);
  });

  it('stops whoever must not run beside it, with who began it, how far it is and what ends it', async () => {
    await refuseWhileOpen([deployment], 'deploy');
    await store.create(sampleRun({ state: 'baking', share: 50 }));
    await expect(refuseWhileOpen([deployment], 'deploy')).rejects.toThrow(
      /of arn:aws:iam::111122223333:user\/ada, begun 2026-11-29T12:00:00\.000Z, is baking\(50\)\. deploy waits .*npm run cutover -- --environment examples\/tag-governance\/prod --region us-east-1 status/,
    );
  });

  it('is nothing where the bucket is not there yet', async () => {
    const elsewhere = { ...deployment, settings: { ...deployment.settings, state_bucket: 'there-is-none' } };
    expect(await openRun(elsewhere)).toBeUndefined();
  });
});

describe('what S3 answers and the stand-in does not', () => {
  const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>${body}`;
  const refusal = (code: string) => xml(`<Error><Code>${code}</Code><Message>m</Message></Error>`);
  const listed = (keys: readonly string[]) =>
    xml(`<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`);

  /** A store whose S3 gives the answers, the last one for good. */
  const answering = async (answers: (request: IncomingMessage) => readonly [status: number, body: string]) => {
    const server = createServer((request, response) => {
      const [status, body] = answers(request);
      response.writeHead(status, { etag: '"1"', 'content-type': 'application/xml' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials });
    const close = (): void => {
      client.destroy();
      server.close();
    };
    return { store: storeOn(client, 'states', 'p/e/r.cutover.json'), close };
  };

  it('is written again after a 409, because another write was under way', async () => {
    let conflicts = 2;
    const { store, close } = await answering(() => {
      conflicts -= 1;
      return conflicts >= 0 ? [409, refusal('ConditionalRequestConflict')] : [200, ''];
    });
    expect((await store.create(sampleRun())).etag).toBe('"1"');
    close();
  });

  it('is somebody else’s where the object is gone or is another one', async () => {
    for (const [status, code] of [
      [412, 'PreconditionFailed'],
      [404, 'NoSuchKey'],
    ] as const) {
      const { store, close } = await answering(() => [status, refusal(code)]);
      await expect(store.replace(sampleRun(), { run: sampleRun(), etag: '"0"' })).rejects.toThrow(RunMoved);
      close();
    }
  });

  it('is not there for who may list its key alone, and is refused to who may not read it', async () => {
    const denied = (keys: readonly string[]) =>
      answering(({ url = '' }) => (url.includes('list-type') ? [200, listed(keys)] : [403, refusal('AccessDenied')]));
    const absent = await denied([]);
    expect(await absent.store.read()).toBeUndefined();
    absent.close();
    const secret = await denied(['p/e/r.cutover.json']);
    await expect(secret.store.read()).rejects.toMatchObject({ name: 'AccessDenied' });
    secret.close();
  });
});
