import type { Config } from '../config.ts';
import type { Carrier } from '../jobs/sqs.ts';

/** What carries ids of jobs between tasks, where the environment has a queue. */
export const openCarrier = async ({
  JOBS_QUEUE_URL: url,
  AWS_REGION: region,
  AWS_ENDPOINT_URL: endpoint,
}: Pick<Config, 'JOBS_QUEUE_URL' | 'AWS_REGION' | 'AWS_ENDPOINT_URL'>): Promise<Carrier | undefined> => {
  if (url === undefined) return undefined;
  if (region === undefined) throw new Error('AWS_REGION is required with JOBS_QUEUE_URL');
  return (await import('../jobs/sqs.ts')).openSqs({ url, region, endpoint });
};
