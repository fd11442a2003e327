/** A service of our own as a proto descriptor. */
import { encodeBase64, encodeUtf8 } from '../../../../server/src/text/encoding';

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);

/** A field of protobuf's wire format: a number, a text, or the fields of a message. */
function field(number: number, content: number | string | readonly number[]): number[] {
  if (typeof content === 'number') return [...varint(number * 8), ...varint(content)];
  const bytes = typeof content === 'string' ? [...encodeUtf8(content)] : content;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

const STRING = 9;
const INT32 = 5;
const MESSAGE = 11;
const OPTIONAL = 1;

const member = (name: string, number: number, type: number, typeName?: string): number[] =>
  field(2, [
    ...field(1, name),
    ...field(3, number),
    ...field(4, OPTIONAL),
    ...field(5, type),
    ...(typeName === undefined ? [] : field(6, typeName)),
    ...field(10, name),
  ]);
const message = (name: string, ...members: number[][]): number[] => field(4, [...field(1, name), ...members.flat()]);
const method = (name: string, rule?: readonly number[]): number[] =>
  field(2, [...field(1, name), ...field(2, '.shop.Ask'), ...field(3, '.shop.Item'), ...(rule ? field(4, field(72_295_728, rule)) : [])]);

/** `shop.Items`. Get: `/v1/items/{id}`, also `/v1/shelves/{id=shelf/*}`; Cancel: POST `/v1/items/{id}:cancel`; Plain has no rule. */
export const ITEMS_DESCRIPTOR = encodeBase64(
  Uint8Array.from(
    field(1, [
      ...field(1, 'shop.proto'),
      ...field(2, 'shop'),
      ...message('Item', member('id', 1, STRING)),
      ...message('Ask', member('id', 1, STRING), member('count', 2, INT32), member('item', 3, MESSAGE, '.shop.Item')),
      ...field(6, [
        ...field(1, 'Items'),
        ...method('Get', [...field(2, '/v1/items/{id}'), ...field(11, field(2, '/v1/shelves/{id=shelf/*}'))]),
        ...method('Cancel', field(4, '/v1/items/{id}:cancel')),
        ...method('Plain'),
      ]),
      ...field(12, 'proto3'),
    ]),
  ),
);
