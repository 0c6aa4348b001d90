/**
 * What the state says of a resource, without asking the provider. Terraform asks in every command, of every resource, and the
 * provider walks the whole type for it, which takes seconds for a web ACL. A state that this version of the type has written
 * has nothing to upgrade.
 */
import { field, firstAmount, firstValue } from './protobuf.ts';

// Fields of UpgradeResourceState.Request and .Response, RawState and DynamicValue:
// https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin5.8.proto
const VERSION = 2;
const RAW_STATE = 3;
const RAW_JSON = 1;
const UPGRADED_STATE = 1;
const VALUE_JSON = 2;

/**
 * @param request an UpgradeResourceState.Request
 * @param version of the resource's type now
 * @returns the state's JSON, or undefined where the provider has something to upgrade
 */
export const currentState = (request: Buffer, version: number | undefined): Buffer | undefined =>
  firstAmount(request, VERSION) === version
    ? firstValue(firstValue(request, RAW_STATE) ?? Buffer.alloc(0), RAW_JSON)
    : undefined;

/** An UpgradeResourceState.Response. */
export const upgradedTo = (json: Buffer): Buffer => field(UPGRADED_STATE, field(VALUE_JSON, json));
