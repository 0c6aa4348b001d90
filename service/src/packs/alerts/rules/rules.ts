/** The rules that are kept: one object each. */
import type { Logger } from 'pino';
import type { Objects } from '../../../ports/objects.ts';
import { AlertRule } from '../model/rule.ts';
import { createDocuments, type Documents } from '../store/documents.ts';

export interface RuleBook extends Pick<Documents<AlertRule>, 'get' | 'put' | 'remove'> {
  all(): Promise<readonly AlertRule[]>;
}

export const createRuleBook = (objects: Objects, log: Logger): RuleBook => {
  const documents = createDocuments({ objects, log }, 'configs/rules/', AlertRule);
  return { ...documents, all: async () => (await documents.all()).map(([, rule]) => rule) };
};
