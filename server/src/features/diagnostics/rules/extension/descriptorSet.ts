/** Descriptors of protos as bytes (google/protobuf/descriptor.proto): as much of them as tells which services and methods there are. */
import { decodeUtf8 } from '../../../../text/encoding';

export interface DescriptorSet {
  /** Full names. */
  readonly services: ReadonlySet<string>;
  /** `package.Service.Method` */
  readonly methods: ReadonlySet<string>;
  /** An import that no earlier file of the set is. */
  readonly missingImport: string | undefined;
}

/** Undefined where the bytes are no FileDescriptorSet. */
export function readDescriptorSet(bytes: Uint8Array): DescriptorSet | undefined {
  const files = fieldsOf(bytes);
  if (!files || files.some(({ number, bytes: file }) => number === SET_FILE && file === undefined)) return undefined;
  const found = { services: new Set<string>(), methods: new Set<string>(), names: new Set<string>(), missingImport: undefined };
  return files.every(({ number, bytes: file }) => number !== SET_FILE || file === undefined || readFile(file, found)) ? found : undefined;
}

const SET_FILE = 1;
const FILE = { name: 1, package: 2, dependency: 3, service: 6 };
const SERVICE = { name: 1, method: 2 };
const METHOD_NAME = 1;

interface Reading {
  readonly services: Set<string>;
  readonly methods: Set<string>;
  /** Of the files before. */
  readonly names: Set<string>;
  missingImport: string | undefined;
}

function readFile(file: Uint8Array, found: Reading): boolean {
  const fields = fieldsOf(file);
  if (!fields) return false;
  const prefix = textOf(fields, FILE.package);
  for (const { number, bytes } of fields) {
    if (bytes === undefined) continue;
    if (number === FILE.dependency && !found.names.has(decodeUtf8(bytes))) found.missingImport ??= decodeUtf8(bytes);
    if (number === FILE.service) readService(bytes, prefix === '' ? '' : `${prefix}.`, found);
  }
  found.names.add(textOf(fields, FILE.name));
  return true;
}

function readService(service: Uint8Array, prefix: string, found: Reading): void {
  const fields = fieldsOf(service) ?? [];
  const name = prefix + textOf(fields, SERVICE.name);
  found.services.add(name);
  for (const { number, bytes } of fields)
    if (number === SERVICE.method && bytes) found.methods.add(`${name}.${textOf(fieldsOf(bytes) ?? [], METHOD_NAME)}`);
}

/** A number has no bytes after it. */
const zero = (value: number | undefined): number | undefined => (value === undefined ? undefined : 0);

interface WireField {
  readonly number: number;
  /** Of length-delimited fields. */
  readonly bytes: Uint8Array | undefined;
}

function textOf(fields: readonly WireField[], wanted: number): string {
  const field = fields.findLast(({ number }) => number === wanted);
  return field?.bytes ? decodeUtf8(field.bytes) : '';
}

/** The fields of one message on the wire; undefined where the bytes are none. */
function fieldsOf(bytes: Uint8Array): WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag === undefined ? 0 : Math.floor(tag / 8);
    const kind = (tag ?? 0) % 8;
    const length = kind === 0 ? zero(varint()) : kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? varint() : undefined;
    if (number === 0 || length === undefined || at + length > bytes.length) return undefined;
    fields.push({ number, bytes: kind === 2 ? bytes.subarray(at, at + length) : undefined });
    at += length;
  }
  return fields;
}
