/** The object that is a cutover's lock and record, in the stand-in's S3. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { cutoverKey } from '../../../modules/stacks/state.ts';
import { onStandIn } from '../on-stand-in.ts';
import { openOperated } from '../operated.ts';
import { openRun, refuseWhileOpen } from './open-run.ts';
import { type State, states } from './run.ts';
import { sampleRun } from './sample.ts';
import { openStore, RunMoved, type RunStore } from './store.ts';

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
