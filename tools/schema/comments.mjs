/**
 * Writes what the .proto files of @grpc/grpc-js-xds say about messages, fields and enum values, and in our own words istioComments.json,
 * meshComments.json and gatewayApiComments.json about those of Istio and the Gateway API, envoyComments.json about what the protos leave out or
 * only point to; for hovers and completion.
 *   node tools/schema/comments.mjs [target.json]          default: dist/schemaComments.json
 * The file: {"<message or enum>": {"": "its own comment", "<field or value, proto name>": "…", "@": "<page of Envoy's documentation>"}}, only names
 * of the schema table.
 * Runs at build time: the protos are not part of the project, and their text is theirs (Apache-2.0).
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { cleanComment } from './cleanComment.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const OWN = ['istioComments.json', 'meshComments.json', 'gatewayApiComments.json', 'envoyComments.json'].map((file) =>
  join(ROOT, 'tools/schema', file),
);
const PROTOS = join(ROOT, 'node_modules/@grpc/grpc-js-xds/deps');
const TABLE = join(ROOT, 'server/src/schema/generated/schemaTable.ts');

/** @returns {Record<string, Record<string, string>>} sorted by name, so that the file is the same byte for byte */
export function collectComments(folder = PROTOS, wanted = namesOfTable()) {
  const comments = {};
  for (const path of protoFiles(folder)) {
    const root = new protobuf.Root();
    protobuf.parse(readFileSync(path, 'utf8'), root, { keepCase: true, alternateCommentMode: true });
    const page = pageOf(path);
    visit(root, (name, entry) => {
      const described = { ...entry, ...(page && { '@': page }) };
      if (wanted.has(name) && Object.keys(described).length > 0) comments[name] ??= described;
    });
  }
  return Object.fromEntries(Object.entries(comments).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Envoy's documentation has a page for every file of its API (v3): `config/cluster/v3/cluster`. */
function pageOf(path) {
  return /[\\/]envoy-api[\\/]envoy[\\/](.*[\\/]v3[\\/]\w+)\.proto$/.exec(path)?.[1].replaceAll('\\', '/');
}

/** By message; `=` names another message whose members mean the same. */
export function readOwnComments() {
  const own = Object.assign({}, ...OWN.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  return Object.fromEntries(
    Object.entries(own).map(([message, { '=': other, ...members }]) => [message, { ...(other && own[other]), ...members }]),
  );
}

/** Ours come first: they are there because the protos say nothing, or nothing by itself. */
export function mergeComments(theirs, own) {
  const names = [...Object.keys(theirs), ...Object.keys(own)];
  return Object.fromEntries(names.map((name) => [name, { ...theirs[name], ...own[name] }]));
}

function protoFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.proto'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function visit(namespace, tell) {
  for (const child of namespace.nestedArray ?? []) {
    const name = child.fullName.replace(/^\./, '');
    if (child instanceof protobuf.Type)
      tell(
        name,
        entryOf(
          child,
          child.fieldsArray.map((field) => [field.name, field.comment]),
        ),
      );
    if (child instanceof protobuf.Enum) tell(name, entryOf(child, Object.entries(child.comments ?? {})));
    visit(child, tell);
  }
}

function entryOf(child, members) {
  const all = [['', child.comment], ...members].map(([name, comment]) => [name, cleanComment(comment)]);
  return Object.fromEntries(all.filter(([, comment]) => comment !== ''));
}

function namesOfTable() {
  const names = new Set();
  let prefix = '';
  for (const line of readFileSync(TABLE, 'utf8').split('\n'))
    if (line.startsWith('@')) prefix = `${line.slice(1)}.`;
    else names.add(prefix + line.split('\t', 1)[0].replace(/`;$/, ''));
  return names;
}

function main([target = join(ROOT, 'dist/schemaComments.json')]) {
  if (!existsSync(PROTOS)) throw new Error(`${PROTOS} is missing: run npm ci`);
  const text = JSON.stringify(mergeComments(collectComments(), readOwnComments()));
  mkdirSync(dirname(resolve(target)), { recursive: true });
  writeFileSync(target, text);
  console.log(`${target}: ${text.length} characters`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
