/**
 * After `npm run image:back` a service runs an earlier revision with the image that the settings name, and a plan would
 * register that image once more. What runs is what the settings say, so it is no drift.
 */
import { shorten } from './differences.ts';
import type { Change, Review } from './review.ts';
import { UNKNOWN } from './unknown.ts';

/** The image that a task definition would get, where nothing else of it changes. */
const onlyImage = ({ type, action, differences }: Change): string | undefined => {
  if (type !== 'aws_ecs_task_definition' || action !== 'replace') return undefined;
  // Attributes that AWS sets on a new revision, such as its number, do not describe its content.
  const real = differences.filter(({ after }) => after !== UNKNOWN);
  const [image, ...others] = real;
  if (image === undefined || others.length > 0 || !/^container_definitions\[\d+\]\.image$/.test(image.path))
    return undefined;
  return image.after;
};

const onlyRevision = ({ type, action, differences }: Change): boolean =>
  type === 'aws_ecs_service' && action === 'update' && differences.every(({ path }) => path === 'task_definition');

/** Whether it is worth asking what runs. */
export const mayHaveGoneBack = ({ changes }: Review): boolean =>
  changes.some((change) => onlyImage(change) !== undefined);

/** @param runs images that services run now */
export const withoutGoneBack = (review: Review, runs: readonly string[]): Review => {
  const shown = new Set(runs.map((image) => shorten(JSON.stringify(image))));
  const isDone = (change: Change): boolean => {
    const image = onlyImage(change);
    return image !== undefined && shown.has(image);
  };
  if (!review.changes.some(isDone)) return review;
  return { ...review, changes: review.changes.filter((change) => !isDone(change) && !onlyRevision(change)) };
};
