/** What format strings name is a reference: headers, metadata and filter state of `%COMMAND%` operators. */
import { expect, test } from 'vitest';
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';

const route = (rest: string) => `name: r
request_headers_to_add: [{ header: { key: x-user, value: a } }]
virtual_hosts:
- name: v
  domains: ["*"]
  ${rest}
`;

function operatorLinks(text: string): string[] {
  return collectLinks(buildSnapshot([{ uri: 'a.yaml', text }])).flatMap(({ kind, name, from, to, status }) =>
    text.split('\n')[from.line - 1]?.includes('%')
      ? [`${kind} ${name} ${from.column}-${from.endColumn} → ${to[0]?.pointer ?? status}`]
      : [],
  );
}

test('each name stands at its own place, and leads to what sets it', () =>
  expect(operatorLinks(route(`response_headers_to_add: [{ header: { key: a, value: "%REQ(X-User?:path)% %RESPONSE_CODE%" } }]`))).toEqual([
    'header X-User 62-68 → /request_headers_to_add/0/header',
    'header :path 69-74 → unchecked',
  ]));

test('metadata by its namespace and key, filter state by its key', () =>
  expect(
    operatorLinks(
      route(`response_headers_to_add: [{ header: { key: "%", value: "%DYNAMIC_METADATA(ns:key)%%FILTER_STATE(my.key:PLAIN)%" } }]`),
    ),
  ).toEqual(['metadata_namespace ns 77-79 → unchecked', 'metadata key 80-83 → unchecked', 'filter_state my.key 99-105 → unchecked']));

test('a text of others names nothing', () => expect(operatorLinks('format: "%REQ(x-user)%"\n')).toEqual([]));
