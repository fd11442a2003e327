/** What filters and routes make of an answer on its way back, whoever gave it (each case as a real Envoy 1.40 did it). */
import { describe, expect, test } from 'vitest';
import { any, fateOf, filter, filterPath, filterSteps, type FilterCall, type FilterFixture } from './filterTrace';

type Fields = Record<string, unknown>;

const add = (key: string, value: string, append_action = 'APPEND_IF_EXISTS_OR_ADD'): Fields => ({
  append: { header: { key, value }, append_action },
});
const mutation = (name: string, ...response_mutations: Fields[]): Fields =>
  filter(name, 'header_mutation.v3.HeaderMutation', { mutations: { response_mutations } });
const lua = (name: string, code: string): Fields => filter(name, 'lua.v3.Lua', { default_source_code: { inline_string: code } });
const onAnswer = (name: string, body: string): Fields => lua(name, `function envoy_on_response(h) ${body} end`);
const deny = filter('deny', 'rbac.v3.RBAC', { rules: { action: 'ALLOW', policies: {} } });
const DENIED = 'denied 403 rbac_access_denied_matched_policy[none]';

const headersOf = (fixture: FilterFixture, call: FilterCall = {}): unknown => filterPath(fixture, call).response?.headers;

describe('an answer of Envoy’s own', () => {
  test('passes through all filters, also those that the request never came to', () => {
    expect(headersOf({ filters: [mutation('a', add('ra', '1')), deny, mutation('b', add('rb', '2'))] })).toEqual({
      set: [],
      append: [
        ['rb', '2'],
        ['ra', '1'],
      ],
      remove: [],
    });
  });

  test('has no other headers: what is absent is added, what must exist is not', () => {
    const filters = [deny, mutation('b', add('rb', '2', 'ADD_IF_ABSENT'), add('rc', '3', 'OVERWRITE_IF_EXISTS'))];
    expect(headersOf({ filters })).toEqual({ set: [], append: [['rb', '2']], remove: [] });
  });

  test('gets the headers of the route, where there is one that forwards', () => {
    const added = { response_headers_to_add: [{ header: { key: 'rr', value: 'r' } }] };
    const withRoute = (route: Fields): unknown => headersOf({ filters: [deny], routes: [{ match: { prefix: '/' }, ...route, ...added }] });
    expect(withRoute({ route: { cluster: 'a' } })).toEqual({ set: [], append: [['rr', 'r']], remove: [] });
    expect(withRoute({ direct_response: { status: 200 } })).toBeUndefined();
    expect(withRoute({ redirect: { host_redirect: 'q' } })).toBeUndefined();
  });

  test('to a preflight request gets none of them', () => {
    const cors = filter('cors', 'cors.v3.Cors');
    const virtualHost = {
      typed_per_filter_config: { cors: any('cors.v3.CorsPolicy', { allow_origin_string_match: [{ exact: 'http://o' }] }) },
      response_headers_to_add: [{ header: { key: 'rr', value: 'r' } }],
    };
    const call = { method: 'OPTIONS', headers: { origin: 'http://o', 'access-control-request-method': 'GET' } };
    expect(headersOf({ filters: [cors], virtualHost }, call)).toMatchObject({ append: [] });
  });
});

test('a request header whose format is filled in at run time has no known value for later filters', () => {
  const change = filter('change', 'header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key: 'y', value: '%START_TIME%' } } }] },
  });
  const guard = (header: Fields): Fields =>
    filter('guard', 'rbac.v3.RBAC', {
      rules: { action: 'DENY', policies: { p: { permissions: [{ header }], principals: [{ any: true }] } } },
    });
  const fate = (header: Fields): string => fateOf(filterPath({ filters: [change, guard(header)] }));
  expect(fate({ name: 'y', string_match: { exact: '%START_TIME%' } })).toBe('insufficient_info');
  expect(fate({ name: 'y', present_match: true })).toBe('denied 403 rbac_access_denied_matched_policy[p]');
  expect(fate({ name: 'x', present_match: true })).toBe('upstream a');
});

describe('an answer of an upstream', () => {
  test('may have the header already: then the change is uncertain', () => {
    expect(headersOf({ filters: [mutation('b', add('rb', '2', 'ADD_IF_ABSENT'), add('rc', '3', 'OVERWRITE_IF_EXISTS'))] })).toEqual({
      set: [['rc', '3']],
      append: [['rb', '2']],
      remove: [],
      uncertain: ['rc', 'rb'],
    });
    const route = { response_headers_to_add: [{ header: { key: 'rr', value: '%UPSTREAM_WIRE_BYTES_SENT%' } }] };
    expect(headersOf({ filters: [], route })).toMatchObject({ append: [['rr', '%UPSTREAM_WIRE_BYTES_SENT%']], uncertain: ['rr'] });
  });
});

describe('envoy_on_response', () => {
  test.each<[string, Fields[], Fields]>([
    [
      'sees the status of a local reply',
      [deny, onAnswer('l', 'h:headers():add("rl", h:headers():get(":status"))')],
      { append: [['rl', '403']] },
    ],
    [
      'the last filter comes first',
      [onAnswer('a', 'h:headers():add("rl", h:headers():get("rb") or "none")'), mutation('b', add('rb', '2')), deny],
      {
        append: [
          ['rb', '2'],
          ['rl', '2'],
        ],
      },
    ],
    ['an error keeps what was done', [deny, onAnswer('a', 'h:headers():add("rl", "1") error("x")')], { append: [['rl', '1']] }],
    ['cannot answer', [deny, onAnswer('a', 'h:respond({[":status"] = "400"}, "x")')], {}],
    [
      'sees what the request left',
      [
        lua(
          'a',
          'function envoy_on_request(h) h:streamInfo():dynamicMetadata():set("a", "b", "c") end function envoy_on_response(h) h:headers():add("rl", h:streamInfo():dynamicMetadata():get("a").b) end',
        ),
      ],
      { append: [['rl', 'c']] },
    ],
    [
      'answers of its own pass it, too',
      [
        lua(
          'a',
          'function envoy_on_request(h) h:respond({[":status"] = "200"}, "q") end function envoy_on_response(h) h:headers():add("rl", "self") end',
        ),
      ],
      { append: [['rl', 'self']] },
    ],
    [
      'replaces and removes',
      [onAnswer('a', 'h:headers():replace("x-on", "mine") h:headers():remove("x-by")')],
      { set: [['x-on', 'mine']], remove: ['x-by'] },
    ],
  ])('%s', (_, filters, expected) => {
    const headers = headersOf({ filters });
    if (Object.keys(expected).length === 0) expect(headers).toBeUndefined();
    else expect(headers).toEqual({ set: [], append: [], remove: [], ...expected });
  });

  test('may change the status of an answer of Envoy’s own', () => {
    expect(fateOf(filterPath({ filters: [deny, onAnswer('l', 'h:headers():replace(":status", "418")')] }))).toBe(
      DENIED.replace('403', '418'),
    );
  });

  test('that asks for what the upstream answers is not guessed', () => {
    const path = filterPath({ filters: [onAnswer('l', 'if h:headers():get(":status") == "200" then h:headers():add("rl", "1") end')] });
    expect(path.disposition).toBe('upstream');
    expect(path.response?.headers).toEqual({ set: [], append: [], remove: [], uncertain: ['rl'] });
    expect(filterSteps(path).at(-1)?.because).toContain("the status of the upstream's answer");
  });

  test('whose values depend on what the upstream answers keeps what is certain', () => {
    const code = 'h:headers():add("rk", "1") h:headers():add("rl", h:headers():get("x-upstream") or "none")';
    expect(headersOf({ filters: [onAnswer('l', code)] })).toMatchObject({
      append: [
        ['rk', '1'],
        ['rl', 'none'],
      ],
      uncertain: ['rl'],
    });
  });

  test('with a value that is not known is shown as such', () => {
    expect(headersOf({ filters: [onAnswer('l', 'h:headers():add("rl", h:headers():get(":status"))')] })).toEqual({
      set: [],
      append: [['rl', '?']],
      remove: [],
      uncertain: ['rl'],
    });
  });
});

describe('ext_proc', () => {
  const process = (config: Record<string, unknown>, cluster = 'nobody') =>
    filter('p', 'ext_proc.v3.ExternalProcessor', {
      grpc_service: { envoy_grpc: { cluster_name: cluster } },
      processing_mode: { request_header_mode: 'SKIP' },
      ...config,
    });
  const direct = [{ match: { prefix: '/' }, direct_response: { status: 200 } }];

  test.each<[Record<string, unknown>, number]>([
    [{}, 500],
    [{ observability_mode: true, status_on_error: { code: 'BadGateway' } }, 502],
    [{ failure_mode_allow: true }, 200],
    [{ processing_mode: { request_header_mode: 'SKIP', response_header_mode: 'SKIP' } }, 200],
  ])('that cannot be asked takes the place of any answer: %j', (config, code) => {
    const own = filterPath({ filters: [process(config)], routes: direct });
    expect([own.disposition, own.response?.code]).toEqual([code === 200 ? 'direct_response' : 'local_reply', code]);
    expect(filterPath({ filters: [process(config)] }).response?.code ?? 200).toBe(code);
  });

  test('that takes the place of the upstream’s answer has what the route adds', () => {
    const response_headers_to_add = [{ header: { key: 'x-flags', value: '%RESPONSE_FLAGS%' } }];
    const { response } = filterPath({ filters: [process({})], routeConfiguration: { response_headers_to_add } });
    expect([response?.code, response?.headers?.append]).toEqual([500, [['x-flags', '-']]]);
  });

  test('may change the answer of Envoy’s own, which leaves it open; where an upstream answers, that is said', () => {
    expect(filterPath({ filters: [process({}, 'a')], routes: direct }).missing).toEqual([
      'what the external processor `a` makes of the answer (filter `p`)',
    ]);
    const path = filterPath({ filters: [process({}, 'a')] });
    expect(path.disposition).toBe('upstream');
    expect(filterSteps(path).map(({ decision }) => decision)).toContain('filter `p` sees the answer');
  });
});

describe('what goes by a pattern', () => {
  const removeOnMatch = (key_matcher: Fields): Fields => ({ remove_on_match: { key_matcher } });

  test('is told where the name is exact', () => {
    const headers = headersOf({ filters: [mutation('m', add('ra', '1'), removeOnMatch({ exact: 'rb' }))] });
    expect(headers).toEqual({ set: [], append: [['ra', '1']], remove: ['rb'] });
  });

  test('is open where the upstream may send others that fit', () => {
    const filters = [mutation('m', add('ra', '1'), removeOnMatch({ prefix: 'r' }))];
    expect(headersOf({ filters })).toEqual({ set: [], append: [], remove: ['ra'], uncertain: ['*'] });
    expect(headersOf({ filters: [deny, ...filters] })).toEqual({ set: [], append: [], remove: ['ra'] });
  });
});

describe('a compressor', () => {
  const gzip = any('envoy.extensions.compression.gzip.compressor.v3.Gzip');
  const compressor = (fields: Fields = {}): Fields =>
    filter('c', 'compressor.v3.Compressor', { compressor_library: { name: 'z', typed_config: gzip }, ...fields });
  const encodings = (accepted: string, ...filters: Fields[]): unknown =>
    (headersOf({ filters }, { headers: { 'accept-encoding': accepted } }) as { append: [string, string][] }).append
      .filter(([name]) => name === 'content-encoding')
      .map(([, value]) => value);

  test('may encode the answer where the client takes its encoding', () => {
    expect(encodings('br, gzip;q=0.5', compressor())).toEqual(['gzip']);
    expect(encodings('*', compressor())).toEqual(['gzip']);
    expect(encodings('br', compressor())).toEqual([]);
    expect(encodings('gzip;q=0, *', compressor())).toEqual([]);
    const asking = filter('m', 'header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'accept-encoding', value: '%CONNECTION_ID%' } } }] },
    });
    expect(encodings('br', asking, compressor())).toEqual(['gzip']);
    expect(encodings('gzip', compressor({ response_direction_config: { remove_accept_encoding_header: true } }))).toEqual(['gzip']);
  });

  test('is switched on for answers by a route that overrides how it does them', () => {
    const off = compressor({ response_direction_config: { common_config: { enabled: { default_value: false, runtime_key: 'k' } } } });
    const varies = (overrides: Fields): unknown =>
      headersOf({
        filters: [off],
        route: { typed_per_filter_config: { c: any('compressor.v3.CompressorPerRoute', { overrides }) } },
      });
    expect(varies({})).toBeUndefined();
    expect(varies({ response_direction_config: {} })).toMatchObject({ append: [['vary', 'Accept-Encoding']] });
  });
});

describe('what the connection manager does last', () => {
  const REMOVE = (...response_headers_to_remove: string[]): Fields => ({ response_headers_to_remove });
  const ofManager = (routeConfiguration: Fields, manager: Fields = {}, call: FilterCall = {}): unknown =>
    headersOf({ filters: [], routeConfiguration, manager }, call);

  test('an answer without a date gets one', () => {
    expect(ofManager(REMOVE('date'))).toEqual({ set: [['date', '?']], append: [], remove: [], uncertain: ['date'] });
  });

  test('an answer without a server gets the own name, unless the upstream’s is passed through', () => {
    expect(ofManager(REMOVE('server'))).toBeUndefined();
    const absent = { server_header_transformation: 'APPEND_IF_ABSENT', server_name: 'shop' };
    expect(ofManager(REMOVE('server'), absent)).toEqual({ set: [['server', 'shop']], append: [], remove: [] });
    expect(ofManager(REMOVE('server'), { server_header_transformation: 'PASS_THROUGH' })).toMatchObject({ remove: ['server'] });
  });

  test('headers of one connection never reach the client, whoever adds them', () => {
    const added = { response_headers_to_add: ['connection', 'keep-alive', 'upgrade'].map((key) => ({ header: { key, value: 'x' } })) };
    expect(ofManager(added)).toBeUndefined();
    const upgrade = { headers: { connection: 'upgrade', upgrade: 'websocket' } };
    const manager = { upgrade_configs: [{ upgrade_type: 'websocket' }] };
    expect(ofManager(added, manager, upgrade)).toMatchObject({
      append: [
        ['connection', 'x'],
        ['upgrade', 'x'],
      ],
    });
  });
});

describe('a filter behind a matcher that the request never comes to', () => {
  interface Match {
    readonly input: Fields;
    readonly value: string;
    readonly action: Fields;
  }
  const wrapped = (extension: Fields, { input, value, action }: Match, more: Fields = {}): Fields => ({
    name: 'w',
    typed_config: any('envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
      extension_config: extension,
      xds_matcher: {
        matcher_list: {
          matchers: [
            {
              predicate: { single_predicate: { input: { name: 'i', typed_config: input }, value_match: { exact: value } } },
              on_match: { action: { name: 'a', typed_config: action } },
            },
          ],
        },
        ...more,
      },
    }),
  });
  const BY_HEADER = any('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x' });
  const BY_SOURCE = any('envoy.extensions.matching.common_inputs.network.v3.SourceIPInput');
  const SKIP = any('envoy.extensions.filters.common.matcher.action.v3.SkipFilter');
  const adds = mutation('m', add('ra', '1'));
  const EXECUTE = any('composite.v3.ExecuteFilterAction', { typed_config: adds });
  const added = (...filters: Fields[]): unknown =>
    (headersOf({ filters }, { headers: { x: '1' } }) as { append: unknown } | undefined)?.append;
  const composite = filter('composite', 'composite.v3.Composite');

  test('changes the answer unless the connection alone has it skipped', () => {
    expect(added(deny, wrapped(adds, { input: BY_HEADER, value: '1', action: SKIP }))).toEqual([['ra', '1']]);
    expect(added(deny, wrapped(adds, { input: BY_SOURCE, value: '10.9.9.9', action: SKIP }))).toBeUndefined();
    expect(added(wrapped(adds, { input: BY_HEADER, value: '1', action: SKIP }), deny)).toBeUndefined();
  });

  test('is what a composite filter runs by the connection alone', () => {
    expect(added(deny, wrapped(composite, { input: BY_SOURCE, value: '10.9.9.9', action: EXECUTE }))).toEqual([['ra', '1']]);
    const otherwise = { on_no_match: { action: { name: 'a', typed_config: EXECUTE } } };
    expect(added(deny, wrapped(composite, { input: BY_HEADER, value: '2', action: EXECUTE }, otherwise))).toBeUndefined();
    expect(added(wrapped(composite, { input: BY_HEADER, value: '2', action: EXECUTE }, otherwise), deny)).toEqual([['ra', '1']]);
  });
});

test('rules of header_to_metadata take headers of the answer away, and what they write is open where the upstream decides', () => {
  const rule = { header: 'x-up', remove: true, on_header_present: { key: 'k' }, on_header_missing: { key: 'k', value: 'none' } };
  const taker = filter('t', 'header_to_metadata.v3.Config', { response_rules: [rule] });
  const teller = mutation('m', add('md', '%DYNAMIC_METADATA(envoy.filters.http.header_to_metadata:k)%'));
  expect(headersOf({ filters: [teller, taker] })).toMatchObject({ remove: ['x-up'], uncertain: ['md'] });
  const given = mutation('g', add('x-up', 'v', 'OVERWRITE_IF_EXISTS_OR_ADD'));
  expect(headersOf({ filters: [teller, taker, given] })).toEqual({ set: [], append: [['md', 'v']], remove: ['x-up'] });
});

describe('the content type of an answer of Envoy’s own', () => {
  const JSON_TYPE = { header: { key: 'content-type', value: 'application/json' } };
  const typeOf = (route: Fields, manager: Fields = {}, call: FilterCall = {}): unknown => {
    const routes = [{ match: { prefix: '/' }, ...route, response_headers_to_add: [JSON_TYPE] }];
    return headersOf({ filters: [], routes, manager }, call);
  };
  const answer = (text: string): Fields => ({ direct_response: { status: 200, body: { inline_string: text } } });
  const written = { set: [['content-type', 'application/json']], append: [], remove: [] };

  test('is the one that the route adds, where there is a body', () => {
    expect(typeOf(answer('{}'))).toEqual(written);
    expect(typeOf(answer(''))).toBeUndefined();
    expect(typeOf({ redirect: { host_redirect: 'q' } })).toBeUndefined();
  });

  test('is gRPC’s for a gRPC client', () => {
    expect(typeOf(answer('{}'), {}, { method: 'POST', headers: { 'content-type': 'application/grpc' } })).toMatchObject({
      set: [
        ['grpc-status', expect.any(String)],
        ['grpc-message', '{}'],
      ],
      append: [],
    });
  });

  test('is that of the format that rewrites the body, unless the mapper writes one', () => {
    const body_format = { text_format_source: { inline_string: 'new' } };
    expect(typeOf(answer('{}'), { local_reply_config: { body_format } })).toBeUndefined();
    const mapper = {
      filter: { not_health_check_filter: {} },
      headers_to_add: [{ header: { key: 'content-type', value: 'a/b' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
    };
    expect(typeOf(answer('{}'), { local_reply_config: { body_format, mappers: [mapper] } })).toMatchObject({
      set: [['content-type', 'a/b']],
    });
  });
});

test('headers that a filter answers with are written after those of the route', () => {
  const answers = lua('l', 'function envoy_on_request(h) h:respond({[":status"]="405", ["ra"]="l"}, "no") end');
  const virtualHost = { response_headers_to_remove: ['ra'], response_headers_to_add: [{ header: { key: 'rb', value: 'v' } }] };
  expect(headersOf({ filters: [answers], virtualHost })).toEqual({ set: [['ra', 'l']], append: [['rb', 'v']], remove: [] });
});

test('a filter is told that the upstream has answered', () => {
  const teller = mutation('m', add('rd', '%RESPONSE_CODE_DETAILS%', 'ADD_IF_ABSENT'));
  expect(headersOf({ filters: [teller] })).toMatchObject({ append: [['rd', 'via_upstream']] });
});

test('a proxy is called by its node’s id as soon as use_node_id is there', () => {
  const proxyName = (proxy_status_config: Fields): unknown => {
    const headers = headersOf({
      filters: [],
      routes: [{ match: { prefix: '/' }, route: { cluster: 'gone' } }],
      manager: { proxy_status_config },
    });
    return (headers as { append: [string, string][] }).append.find(([name]) => name === 'proxy-status')?.[1].split(';')[0];
  };
  expect(proxyName({})).toBe('envoy');
  expect(proxyName({ use_node_id: false })).toBe(proxyName({ use_node_id: true }));
  expect(proxyName({ use_node_id: false })).not.toBe('envoy');
});
