/** The shipped JSON Schema fits what the trace really answers, and what the samples really ask. */
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import type { TraceRequest } from '../../server/src/protocol/trace';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { simulateRequest } from '../../server/src/trace/simulateRequest';

const root = path.resolve(import.meta.dirname, '../..');
const schema = JSON.parse(fs.readFileSync(path.join(root, 'docs/trace.schema.json'), 'utf8')) as object;
const ajv = new Ajv({ strict: false });
ajv.addSchema(schema, 'trace');
const isTrace = ajv.compile({ $ref: 'trace#/definitions/Trace' });
const isRequest = ajv.compile({ $ref: 'trace#/definitions/TraceRequest' });
const samples = fs.readdirSync(path.join(root, 'samples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(samples.map(({ name }) => name))('sample %s', (name) => {
  const folder = path.join(root, 'samples', name);
  const requests = JSON.parse(fs.readFileSync(path.join(folder, 'request.json'), 'utf8')) as TraceRequest[];
  const files = fs.readdirSync(folder).filter((file) => /\.(json|ya?ml)$/.test(file) && !/^(request|expected|demo)\./.test(file));
  const snapshot = buildSnapshot(files.map((file) => ({ uri: file, text: fs.readFileSync(path.join(folder, file), 'utf8') })));

  test('its requests and their answers are as the schema says', () => {
    for (const request of requests) {
      expect(isRequest(request), JSON.stringify(isRequest.errors)).toBe(true);
      // As it goes over the wire: what is undefined is left out.
      const trace: unknown = JSON.parse(JSON.stringify(simulateRequest(snapshot, request)));
      expect(isTrace(trace), JSON.stringify(isTrace.errors)).toBe(true);
    }
  });

  test('an answer without paths is none', () =>
    expect(isTrace({ version: 1, request: requests[0], truncated: false, notes: [] })).toBe(false));
});
