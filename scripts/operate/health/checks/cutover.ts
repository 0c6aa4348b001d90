/** A cutover that began and did not end: traffic may be split. */
import { S3Client } from '@aws-sdk/client-s3';
import { cutoverKey } from '../../../../modules/stacks/state.ts';
import { openRunText } from '../../cutover/open-run.ts';
import { isOpen } from '../../cutover/run.ts';
import { storeOn } from '../../cutover/store.ts';
import { unlessMissing } from '../../operated.ts';
import { attention, type Check, ok } from '../check.ts';

export const cutover: Check = {
  name: 'cutover',
  applies: ({ settings }) => settings.blue_green || settings.compute_mode !== 'fargate',
  look: async ({ deployment, client }) => {
    const { state_bucket, state_region } = deployment.settings;
    const store = storeOn(client(S3Client, state_region), state_bucket, cutoverKey(deployment));
    // Without its bucket the check of the state says so.
    const kept = await unlessMissing(store.read(), 'NoSuchBucket');
    if (kept === undefined || !isOpen(kept.run)) return [ok('cutover', 'none is open')];
    const next = 'npm run cutover -- --environment <name> status, then resume, rollback or abort';
    return [attention('cutover', `${openRunText(kept.run)} ${next}`)];
  },
};
