/** The generated files: the table is what the descriptors give, byte for byte; the comments are readable. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSchemaComments } from '../../../server/src/schema/table/schemaComments';

const root = resolve(__dirname, '../../..');
const schema = join(process.env['ENVOY_LENS_SHARED'] ?? resolve(root, '../shared'), 'schema');
const hasDescriptors = existsSync(schema) && readdirSync(schema).some((name) => name.endsWith('.fds.bin'));

describe('schemaTable.ts', () => {
  test.skipIf(!hasDescriptors)(`is what the descriptors give (skipped without ${schema})`, () => {
    expect(execFileSync(process.execPath, ['tools/schema/generate.mjs', '--check'], { cwd: root, encoding: 'utf8' })).toContain(
      'is up to date',
    );
  });

  test('stays small', () => {
    expect(statSync(join(root, 'server/src/schema/generated/schemaTable.ts')).size).toBeLessThan(250_000);
  });
});

describe('comments.mjs', () => {
  test('writes one or two sentences of Markdown on most fields', () => {
    const target = join(tmpdir(), `schemaComments-${process.pid}.json`);
    execFileSync(process.execPath, ['tools/schema/comments.mjs', target], { cwd: root });
    const text = readFileSync(target, 'utf8');
    const comments = readSchemaComments(text);
    expect(comments.commentOf('envoy.config.route.v3.RouteAction', 'cluster')).toBe(
      'Indicates the upstream cluster to which the request should be routed to.',
    );
    expect(comments.commentOf('envoy.config.cluster.v3.Cluster')).toBe('Configuration for a single upstream cluster.');
    expect(comments.commentOf('envoy.config.cluster.v3.Cluster', 'lb_policy')).toBeDefined();
    expect(/.{0,40}(?:\[#|:ref:|``).{0,40}/.exec(text)?.[0]).toBeUndefined();
    expect(text.length).toBeLessThan(1_000_000);
  });
});
