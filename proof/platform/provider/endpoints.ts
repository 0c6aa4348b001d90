/**
 * A provider's configuration without its endpoints. The provider looks at each of 400 services and prints all 400 for it,
 * which takes two seconds, and terraform asks before every command. Whether an endpoint is right shows when it is called.
 */
import { decode, encode } from '@msgpack/msgpack';
import { z } from 'zod';
import { changed } from './protobuf.ts';

// Fields of PrepareProviderConfig.Request and of DynamicValue.
const CONFIG = 1;
const MSGPACK = 1;

const Config = z.looseObject({ endpoints: z.array(z.unknown()).nullable() });

/** @param request a PrepareProviderConfig.Request. Terraform does not use the configuration that is in the answer. */
export const withoutEndpoints = (request: Buffer): Buffer =>
  changed(request, new Set([CONFIG]), (dynamic) =>
    changed(dynamic, new Set([MSGPACK]), (value) => {
      const given = Config.safeParse(decode(value));
      return given.success ? Buffer.from(encode({ ...given.data, endpoints: [] })) : value;
    }),
  );
