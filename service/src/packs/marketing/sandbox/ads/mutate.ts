/** Answers `…:mutate`: all operations or none, or with partialFailure each for itself. */
import { budgetRules } from './budgets.ts';
import { campaignRules } from './campaigns.ts';
import { changeEventOf } from './change-events.ts';
import { adGroupCriterionRules, campaignCriterionRules } from './criteria.ts';
import { type Draft, invalid, openDraft, textOf, type Written } from './draft.ts';
import { type AdsError, AdsRefusal, adsError, ofOperation, partialFailure } from './refusals.ts';
import type { Rules } from './rules.ts';
import { type AdsState, type Customer, type Fields, type Json, resourceNameOf } from './state.ts';

export const services: Readonly<Record<string, Rules>> = {
  campaigns: campaignRules,
  campaignBudgets: budgetRules,
  adGroupCriteria: adGroupCriterionRules,
  campaignCriteria: campaignCriterionRules,
};

/** https://developers.google.com/google-ads/api/reference/rpc/v26/RequestErrorEnum.RequestError */
const MOST_OPERATIONS = 10_000;

const fieldsIn = (value: Json | undefined): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;

const updated = (draft: Draft, rules: Rules, update: Fields, mask: string): Written => {
  const before = draft.live(textOf(update.resourceName), 'update', 'resource_name');
  const fields = mask.split(',').filter((each) => each !== '');
  if (fields.length === 0)
    throw invalid(adsError('fieldMaskError', 'FIELD_MASK_MISSING', 'The field mask must be provided.', 'update_mask'));
  const refused = fields.find((each) => !rules.mutable.includes(each));
  if (refused !== undefined)
    throw invalid(adsError('fieldError', 'IMMUTABLE_FIELD', 'The field cannot be changed.', 'update', refused));
  const patch = Object.fromEntries(fields.flatMap((each) => (each in update ? [[each, update[each] ?? null]] : [])));
  rules.checkUpdate?.(draft, patch, before);
  // int64 comes as a number or as text, and is answered as text.
  const spelled = Object.entries(patch).map(([name, value]) => [
    name,
    name.endsWith('Micros') && typeof value === 'number' ? String(value) : value,
  ]);
  return { kind: 'UPDATE', before, after: { ...before, ...Object.fromEntries(spelled) }, fields };
};

const operate = (draft: Draft, rules: Rules, operation: Fields): Written => {
  const [create, update] = [fieldsIn(operation.create), fieldsIn(operation.update)];
  if (create !== undefined) {
    const after = rules.create(draft, create);
    return { kind: 'CREATE', after, fields: Object.keys(create) };
  }
  if (update !== undefined) return updated(draft, rules, update, textOf(operation.updateMask));
  const before = draft.live(textOf(operation.remove), 'remove');
  rules.checkRemove?.(draft, before);
  return { kind: 'REMOVE', before, after: { ...before, status: 'REMOVED' }, fields: ['status'] };
};

export interface MutateRequest {
  readonly operations: readonly Fields[];
  readonly validateOnly?: boolean;
  readonly partialFailure?: boolean;
  readonly responseContentType?: string;
}

export interface Writer {
  readonly customer: Customer;
  readonly email: string;
  readonly now: Date;
  readonly version: string;
}

/** `campaignBudgets` answers `campaignBudget`. */
const singular: Readonly<Record<string, string>> = {
  campaigns: 'campaign',
  campaignBudgets: 'campaignBudget',
  adGroupCriteria: 'adGroupCriterion',
  campaignCriteria: 'campaignCriterion',
};

/** @throws AdsRefusal where nothing is written */
export const mutate = async (state: AdsState, service: string, request: MutateRequest, writer: Writer) => {
  const { operations, validateOnly, partialFailure: partial, responseContentType } = request;
  const rules = services[service];
  if (rules === undefined || operations.length === 0 || operations.length > MOST_OPERATIONS)
    throw invalid(adsError('requestError', 'TOO_MANY_MUTATE_OPERATIONS', 'The number of operations is not allowed.'));
  const draft = openDraft(state, writer.customer);
  const errors: AdsError[] = [];
  const results = operations.map((operation, at) => {
    try {
      const written = operate(draft, rules, operation);
      draft.write(written);
      const own = responseContentType === 'MUTABLE_RESOURCE' ? { [singular[service] ?? service]: written.after } : {};
      return { resourceName: resourceNameOf(written.after), ...own };
    } catch (error) {
      if (!(error instanceof AdsRefusal)) throw error;
      errors.push(...error.errors.map((each) => ofOperation(at, each)));
      return {};
    }
  });
  if (errors.length > 0 && partial !== true) throw invalid(...errors);
  const failed = errors.length > 0 ? { partialFailureError: partialFailure(writer.version, errors) } : {};
  if (validateOnly === true) return failed;
  const events = draft.written.map((written) => changeEventOf(state, written, writer));
  await state.write([...draft.written.map(({ after }) => after), ...events]);
  return { ...failed, results };
};
