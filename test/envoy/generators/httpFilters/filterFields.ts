/** Fields of HTTP filters that other areas leave at their defaults, and filters that none of them has. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { answeringFilters } from './fields/answering';
import { changingFilters } from './fields/changing';
import { FIELD_HEADERS } from './fields/fieldHeaders';
import { FIELD_SECRETS, rareFilters } from './fields/rare';
import { seldomFilters } from './fields/seldom';
import type { FieldFilter } from './fields/fieldFilter';
import { clusters, httpChain, httpRequest, listener, once, virtualHost } from '../parts';

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    authority: fc.constantFrom('a.test', 'b.test:8080'),
    path: fc.constantFrom('/a', '/a/b?key=k1&x=1', '/b', '/direct', '/b/7?x=1.5', '/svc.S/M', '/none'),
    method: fc.constantFrom('GET', 'GET', 'POST', 'OPTIONS', 'HEAD'),
    headers: fc.subarray([...FIELD_HEADERS], { minLength: 1, maxLength: 7 }),
    source: fc.constantFrom('10.1.2.3', '203.0.113.9'),
  })
  .map(({ headers, source, ...http }) => {
    const own = headers.filter(([name], index) => headers.findIndex(([other]) => other === name) === index);
    return httpRequest({ ...http, headers: own }, { source });
  });

const filters = fc.uniqueArray(fc.oneof(...answeringFilters, ...changingFilters, ...rareFilters, ...seldomFilters), {
  minLength: 1,
  maxLength: 3,
  selector: ({ filter }: FieldFilter) => filter['name'],
});

/** What filters leave behind, for the upstream to see. */
const SEEN: JsonObject[] = [
  '%DYNAMIC_METADATA(lab:k)%',
  '%DYNAMIC_METADATA(lab:typed)%',
  '%FILTER_STATE(lab.k:PLAIN)%',
  '%DYNAMIC_METADATA(envoy.filters.http.basic_auth:username)%',
  '%DYNAMIC_METADATA(envoy.filters.http.fault:lab)%',
  '%DYNAMIC_METADATA(envoy.filters.http.jwt_authn)%',
].map((value, index) => ({ header: { key: `x-seen-${index}`, value } }));

export const filterFields: fc.Arbitrary<LabCase> = fc
  .record({ filters, requests: fc.array(client, { minLength: 6, maxLength: 10 }) })
  .map(({ filters: own, requests }) => {
    const per = own.filter(({ perRoute }) => perRoute !== undefined).map(({ filter, perRoute }) => [filter['name'], perRoute] as const);
    const overrides: JsonObject = per.length > 0 ? { typed_per_filter_config: Object.fromEntries(per) as JsonObject } : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...overrides },
      { match: { prefix: '/direct' }, direct_response: { status: 404, body: { inline_string: 'direct' } } },
      { match: { prefix: '/', headers: [{ name: 'x-to', string_match: { exact: 'three' } }] }, route: { cluster: '§c3' } },
      { match: { prefix: '/none' }, route: { cluster: '§none' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const configuration = {
      virtual_hosts: [virtualHost('v', ['*'], routes)],
      validate_clusters: false,
      request_headers_to_add: SEEN,
      response_headers_to_add: [{ header: { key: 'x-flags', value: '%RESPONSE_FLAGS%' } }],
    };
    const chain = httpChain(configuration, { httpFilters: own.map(({ filter }) => filter) });
    const runtime = { 'lab.share': 100, 'lab.none': 0, 'lab.status': 418, 'lab.off': false };
    return {
      area: 'filter_field',
      listeners: [listener('l', [chain])],
      clusters: clusters(3),
      runtime,
      secrets: FIELD_SECRETS,
      requests: once(
        own.some(({ filter }) => filter['name'] === 'json' || filter['name'] === 'reverse') ? requests.map(withoutBody) : requests,
      ),
    };
  });

/** What a body says no trace knows. */
function withoutBody({ http, ...request }: TraceRequest): TraceRequest {
  return { ...request, ...(http && { http: { ...http, headers: http.headers.filter(([name]) => name !== 'content-length') } }) };
}
