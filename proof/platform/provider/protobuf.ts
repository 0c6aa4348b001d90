/** Messages of protobuf taken apart into fields and put together again: https://protobuf.dev/programming-guides/encoding/ */

const LENGTH_DELIMITED = 2;

/** `value` of a field with a length holds its bytes; any other field is a whole number. */
export interface Field {
  readonly number: number;
  /** With its tag and length. */
  readonly whole: Buffer;
  readonly value: Buffer | undefined;
  readonly amount?: number;
}

const varint = (bytes: Buffer, from: number): { readonly value: number; readonly next: number } => {
  let value = 0;
  for (let next = from, factor = 1; ; next++, factor *= 128) {
    const byte = bytes.readUInt8(next);
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: next + 1 };
  }
};

const asVarint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...asVarint(Math.floor(value / 128))];

export const fieldsOf = (message: Buffer): readonly Field[] => {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    const number = Math.floor(tag.value / 8);
    const length = varint(message, tag.next);
    if (tag.value % 8 === LENGTH_DELIMITED) {
      const end = length.next + length.value;
      fields.push({ number, whole: message.subarray(at, end), value: message.subarray(length.next, end) });
      at = end;
    } else if (tag.value % 8 === 0) {
      fields.push({ number, whole: message.subarray(at, length.next), value: undefined, amount: length.value });
      at = length.next;
    } else throw new Error(`a field of wire type ${tag.value % 8}`);
  }
  return fields;
};

/** A field with a length. */
export const field = (number: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...asVarint(number * 8 + LENGTH_DELIMITED), ...asVarint(value.length)]), value]);

/** The value of the first field of that number. */
export const firstValue = (message: Buffer, number: number): Buffer | undefined =>
  fieldsOf(message).find((each) => each.number === number)?.value;

/** The message with the values of some fields changed. */
export const changed = (message: Buffer, numbers: ReadonlySet<number>, how: (value: Buffer) => Buffer): Buffer =>
  Buffer.concat(
    fieldsOf(message).map(({ number, whole, value }) =>
      value !== undefined && numbers.has(number) ? field(number, how(value)) : whole,
    ),
  );

/** The whole number in the first field of that number; protobuf leaves out a 0. */
export const firstAmount = (message: Buffer, number: number): number =>
  fieldsOf(message).find((each) => each.number === number)?.amount ?? 0;
