import { describe, expect, test } from 'vitest';
import { filter, filterPath, filterTrace, type FilterFixture } from '../httpFilters/filterTrace';

type Fields = Record<string, unknown>;

/** Answers 404; the mapper that fits makes 499 of it. */
function codeWith(condition: Fields, more: Fields = {}): number | undefined {
  const fixture: FilterFixture = {
    filters: [filter('m', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { k: 'v', n: 5 } }] })],
    routes: [{ match: { prefix: '/' }, direct_response: { status: 404 } }],
    manager: { local_reply_config: { mappers: [{ filter: condition, status_code: 499 }], ...more } },
  };
  return filterPath(fixture).response?.code;
}

const metadata = (value: string, key = 'k', more: Fields = {}): Fields => ({
  metadata_filter: { matcher: { filter: 'lab', path: [{ key }], value: { string_match: { exact: value } } }, ...more },
});

describe('the filter of a local reply mapper', () => {
  test.each<[Fields, boolean]>([
    [{ not_health_check_filter: {} }, true],
    [{ traceable_filter: {} }, false],
    [{ grpc_status_filter: { statuses: ['UNIMPLEMENTED'] } }, true],
    [{ grpc_status_filter: { statuses: ['UNIMPLEMENTED'], exclude: true } }, false],
    [{ runtime_filter: { runtime_key: 'k', percent_sampled: { numerator: 100 } } }, true],
    [{ runtime_filter: { runtime_key: 'k', percent_sampled: { numerator: 0 } } }, false],
    [{ duration_filter: { comparison: { op: 'GE', value: { default_value: 0, runtime_key: 'd' } } } }, true],
    [{ log_type_filter: { types: ['DownstreamEnd'] } }, false],
    [{ log_type_filter: { types: ['DownstreamEnd'], exclude: true } }, true],
    [metadata('v'), true],
    [metadata('w'), false],
    [metadata('v', 'absent'), true],
    [metadata('v', 'absent', { match_if_key_not_found: false }), false],
    [{ status_code_filter: { comparison: { op: 'NE', value: { default_value: 404, runtime_key: 'c' } } } }, false],
  ])('%j: %s', (condition, fits) => {
    expect(codeWith(condition)).toBe(fits ? 499 : 404);
  });
});

describe('where the filter asks for what is not known', () => {
  const codesWith = (condition: Fields): (number | undefined)[] =>
    filterTrace({
      filters: [],
      routes: [{ match: { prefix: '/' }, direct_response: { status: 404 } }],
      manager: { local_reply_config: { mappers: [{ filter: condition, status_code: 499 }] } },
    }).paths.map(({ response }) => response?.code);

  test('both answers are paths', () => {
    const slow = { duration_filter: { comparison: { op: 'GE', value: { default_value: 5000, runtime_key: 'd' } } } };
    expect(codesWith(slow)).toEqual([499, 404]);
  });

  test('a sample has its share', () => {
    expect(codesWith({ runtime_filter: { runtime_key: 'k', percent_sampled: { numerator: 30 } } })).toEqual([404, 499]);
  });
});

test('metadata keeps its type in a JSON body', () => {
  const body_format = { json_format: { n: '%DYNAMIC_METADATA(lab:n)%', k: '%DYNAMIC_METADATA(lab:k)%', z: '%DYNAMIC_METADATA(lab:z)%' } };
  const fixture: FilterFixture = {
    filters: [
      filter('m', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { k: 'v', n: 5 } }] }),
      filter('f', 'fault.v3.HTTPFault', { abort: { http_status: 418, percentage: { numerator: 100 } } }),
    ],
    manager: { local_reply_config: { body_format } },
  };
  expect(filterPath(fixture).response?.body).toBe('{"k":"v","n":5,"z":null}\n');
});
