/**
 * Asks once what AWS has no part in. Terraform asks most of it in every command, and in an apply twice: once to plan and once
 * more with what was unknown then.
 */
import { type Answer, ask } from './grpc.ts';
import type { Plugin } from './plugin.ts';
import { changed, fieldsOf } from './protobuf.ts';
import { WEB_ACL } from './web-acl.ts';

/** Whether the same question to the same process has the same answer. */
const isSettled = (call: string, type: string | undefined): boolean =>
  call === 'PrepareProviderConfig' ||
  call === 'ValidateResourceTypeConfig' ||
  call === 'ValidateDataSourceConfig' ||
  call === 'UpgradeResourceState' ||
  (call === 'PlanResourceChange' && type === WEB_ACL);

/**
 * Where a request tells what terraform is able to. A plan can leave a change for later and an apply cannot, which made each
 * question of the two another one. The provider leaves none, so it is not told.
 * https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin5.8.proto
 */
const abilities: ReadonlyMap<string, number> = new Map([
  ['ValidateResourceTypeConfig', 3],
  ['PlanResourceChange', 7],
]);
const DEFERRAL = 1;

/** @param request of the call */
export const withoutDeferral = (call: string, request: Buffer): Buffer => {
  const told = abilities.get(call);
  if (told === undefined) return request;
  return changed(request, new Set([told]), (able) =>
    Buffer.concat(fieldsOf(able).flatMap(({ number, whole }) => (number === DEFERRAL ? [] : [whole]))),
  );
};

/**
 * The same for both states of a web ACL without token domains: an apply keeps them absent, as the configuration has them, and a refresh
 * reads an empty set, which MessagePack writes as 0x90 in place of 0xc0. Comparing all rules of an ACL again takes the provider seconds.
 * https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.36.1/helper/schema/grpc_provider.go (normalizeNullValues)
 */
export const keyOf = (path: string, question: Buffer): string =>
  (path + question.toString('latin1')).replaceAll('token_domains\x90', 'token_domains\xc0');

export type Asking = (plugin: Plugin, call: string, message: Buffer, type: string | undefined) => Promise<Answer>;

/** @param service the beginning of a call's path */
export const askingOnce = (service: string): Asking => {
  const settled = new WeakMap<Plugin, Map<string, Promise<Answer>>>();
  return (plugin, call, message, type) => {
    const path = service + call;
    if (!isSettled(call, type)) return ask(plugin.calls, path, message);
    const known = settled.get(plugin) ?? new Map<string, Promise<Answer>>();
    settled.set(plugin, known);
    const question = withoutDeferral(call, message);
    const key = keyOf(path, question);
    const answered = known.get(key) ?? ask(plugin.calls, path, question);
    known.set(key, answered);
    return answered;
  };
};
