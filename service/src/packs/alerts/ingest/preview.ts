/** What a post would do now, without doing it. Posts that wait are not looked at. */
import type { Alert } from '../model/alert.ts';
import { alertIdOf, generationOf } from '../store/alert-keys.ts';
import type { States } from '../store/states.ts';
import { type BatchOutcome, dueByFingerprint } from './applier.ts';
import { type AppliedPost, applyDue, type DueBatch, eventIdOf } from './apply.ts';
import type { AlertPost } from './post.ts';

const BATCH = 'dry-run';

const tried = (fingerprint: string, newest: Alert | undefined, due: readonly DueBatch[], clock: Date) => {
  const posts = new Map<string, AppliedPost>();
  let current = newest;
  for (;;) {
    const generation = current === undefined ? 1 : generationOf(current.alert_id) + 1;
    const step = applyDue(current, alertIdOf(fingerprint, generation), due, clock);
    for (const [id, post] of step.posts) posts.set(id, post);
    if (step.complete) return posts;
    current = step.alert;
  }
};

export const previewPost = async (
  { alerts }: AlertPost,
  { states, clock }: { readonly states: Pick<States, 'current'>; readonly clock: () => Date },
): Promise<BatchOutcome> => {
  const at = clock();
  const due = dueByFingerprint([{ batch: BATCH, put_at: at.toISOString(), alerts: [...alerts] }]);
  const posts = new Map<string, AppliedPost>();
  for (const [fingerprint, batches] of due)
    for (const [id, post] of tried(fingerprint, await states.current(fingerprint), batches, at)) posts.set(id, post);
  return alerts.map((_, place) => posts.get(eventIdOf(BATCH, place)) ?? { outcome: 'ignored' });
};
