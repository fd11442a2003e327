/** Format strings: literals, operators, what is absent and what is not known. */
import { describe, expect, test } from 'vitest';
import { newConnection } from '../../../../server/src/trace/facts/connection';
import { formatString } from '../../../../server/src/trace/format/formatString';
import type { Hop } from '../../../../server/src/trace/hop';
import type { HttpStream } from '../../../../server/src/trace/httpStream';
import type { FormatContext } from '../../../../server/src/trace/format/formatContext';

const connection = newConnection({
  destination: { kind: 'ip', ip: '10.0.0.1', port: 80 },
  source: { ip: 'fd00::2', port: 4000 },
  serverName: 'a.com',
  metadata: new Map([['tunnel', { destination: '10.4.0.5:9080', deep: { list: [1, 'x'] } }]]),
  filterState: new Map([
    ['key', { value: 'text', shared: 'none' }],
    ['opaque', { value: '', shared: 'none', unknown: true }],
  ]),
});
const hop = { arrival: { kind: 'socket' }, proxy: { byName: { cluster: new Map() } }, record: {} } as unknown as Hop;
const tcp: FormatContext = { hop, connection, commitsToFirstHit: false, absentAs: '-' };
const http: FormatContext = {
  ...tcp,
  http: {
    request: {
      version: 'http2',
      method: 'GET',
      scheme: 'https',
      authority: 'a.test',
      path: '/p?q=1',
      headers: [
        ['x', '1'],
        ['x', '2'],
      ],
    },
    metadata: new Map(),
    filterState: new Map(),
  } as unknown as HttpStream,
};

function format(text: string, context: FormatContext): string {
  const result = formatString(text, context);
  return result.kind === 'text' ? result.value : '<unknown>';
}

describe('a connection', () => {
  test.each([
    ['plain', 'plain'],
    ['100%%', '100%'],
    ['%DYNAMIC_METADATA(tunnel:destination)%', '10.4.0.5:9080'],
    ['%DYNAMIC_METADATA(["tunnel", "destination"])%', '10.4.0.5:9080'],
    ['%DYNAMIC_METADATA(tunnel:deep:list)%', '[1,"x"]'],
    ['%DYNAMIC_METADATA(tunnel:nope)%', '-'],
    ['%FILTER_STATE(key:PLAIN)%', 'text'],
    ['%FILTER_STATE(key)%', '"text"'],
    ['%FILTER_STATE(key:PLAIN):2%', 'te'],
    ['%FILTER_STATE(opaque:PLAIN)%', '<unknown>'],
    ['%DOWNSTREAM_LOCAL_ADDRESS%|%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%|%DOWNSTREAM_LOCAL_PORT%', '10.0.0.1:80|10.0.0.1|80'],
    ['%DOWNSTREAM_REMOTE_ADDRESS%|%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '[fd00::2]:4000|fd00::2'],
    ['%REQUESTED_SERVER_NAME%', 'a.com'],
    ['%PROTOCOL%', '-'],
    ['%REQ(x)%', '-'],
    ['%CEL(connection.requested_server_name)%:%CEL(destination.port)%', 'a.com:80'],
    ['%CEL(size("(a)") == 3)%', 'true'],
    ['%START_TIME%', '<unknown>'],
    ['50% of %REQUESTED_SERVER_NAME%', '50% of a.com'],
  ])('%s gives %s', (text, expected) => {
    expect(format(text, tcp)).toBe(expected);
  });
});

test('an address that is no IP has no network', () => {
  const destination = { kind: 'internal', listener: 'l', endpointId: 'e' } as const;
  const context = { ...tcp, connection: { ...tcp.connection, destination } };
  expect(format('%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%', context)).toBe('envoy://l/e');
  expect(format('%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT(8)%', context)).toBe('-');
});

describe('a request', () => {
  test.each([
    ['%REQ(X)%', '1'],
    ['%REQ(nope?:authority)%', 'a.test'],
    ['%REQ(:PATH)%', '/p?q=1'],
    ['%REQ_WITHOUT_QUERY(:path)%', '/p'],
    ['%PATH(NQ)%', '/p'],
    ['%QUERY_PARAM(q)%', '1'],
    ['%PROTOCOL%', 'HTTP/2'],
  ])('%s gives %s', (text, expected) => {
    expect(format(text, http)).toBe(expected);
  });
});

test('an absent value may be left out', () => {
  expect(format('a%REQ(nope)%b', { ...http, absentAs: '' })).toBe('ab');
});
