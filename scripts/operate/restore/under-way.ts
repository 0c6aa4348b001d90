/** Who verifies a backup now: kept beside the state, so that `--clean` tells a copy that is in use from one that was left. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { verificationKey } from '../../../modules/stacks/state.ts';
import { type Host, nowOf } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { isNamed, unlessMissing } from '../operated.ts';

const UnderWay = z.looseObject({
  names: z.array(z.string()),
  since: z.iso.datetime(),
  /** When the command was last heard of. */
  heard: z.iso.datetime(),
  ended: z.boolean(),
});
export type UnderWay = z.infer<typeof UnderWay>;

const HEARTBEAT_MS = 60_000;
/** A command that was not heard of for so long was killed. Clocks of two operators may differ by minutes. */
const SILENCE_MS = 15 * 60_000;

interface Place {
  readonly deployment: Deployment;
  readonly client: ClientOf;
}

const placeOf = ({ deployment, client }: Place) => {
  const { state_bucket: Bucket, state_region } = deployment.settings;
  return { s3: client(S3Client, state_region), object: { Bucket, Key: verificationKey(deployment) } };
};

/** Says that these names are in use until the work ends. Where that cannot be written, the work is done all the same. */
export const announced = async <T>(
  host: Pick<Host, 'now' | 'err'>,
  place: Place,
  names: readonly string[],
  work: () => Promise<T>,
): Promise<T> => {
  const { s3, object } = placeOf(place);
  const since = nowOf(host).toISOString();
  const say = async (ended: boolean): Promise<void> => {
    const Body = JSON.stringify({ names, since, heard: nowOf(host).toISOString(), ended });
    await s3.send(new PutObjectCommand({ ...object, Body, ContentType: 'application/json' }));
  };
  await say(false).catch(() =>
    host.err(
      `s3://${object.Bucket}/${object.Key} cannot be written, so a --clean that somebody runs meanwhile would delete this copy.`,
    ),
  );
  const beat = setInterval(() => void say(false).catch(() => {}), HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await say(true).catch(() => {});
  }
};

/** The verification that uses a copy now. @throws OperatorProblem where nobody can tell */
export const underWay = async (host: Pick<Host, 'now'>, place: Place): Promise<UnderWay | undefined> => {
  const { s3, object } = placeOf(place);
  try {
    const told = await unlessMissing(s3.send(new GetObjectCommand(object)), 'NoSuchKey', 'NoSuchBucket');
    if (told?.Body === undefined) return undefined;
    const found = UnderWay.parse(JSON.parse(await told.Body.transformToString()));
    const silent = nowOf(host).getTime() - Date.parse(found.heard);
    return found.ended || silent > SILENCE_MS ? undefined : found;
  } catch (error) {
    if (!isNamed(error, 'AccessDenied') && !(error instanceof z.ZodError) && !(error instanceof SyntaxError))
      throw error;
    throw new OperatorProblem(
      `Whether a verification runs now stands in s3://${object.Bucket}/${object.Key}, which cannot be read. Nothing was deleted.`,
      { cause: error },
    );
  }
};
