/** CEL in RBAC conditions and in the matchers of routes, as parsed expressions. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, once, plainRequest, virtualHost } from '../parts';

type Expression = fc.Arbitrary<JsonObject>;

const text = (string_value: string): JsonObject => ({ const_expr: { string_value } });
const int = (int64_value: number): JsonObject => ({ const_expr: { int64_value } });
const double = (double_value: number): JsonObject => ({ const_expr: { double_value } });
const name = (ident: string): JsonObject => ({ ident_expr: { name: ident } });
const field = (operand: JsonObject, selected: string): JsonObject => ({ select_expr: { operand, field: selected } });
const has = (operand: JsonObject, selected: string): JsonObject => ({ select_expr: { operand, field: selected, test_only: true } });
const call = (called: string, ...args: JsonObject[]): JsonObject => ({ call_expr: { function: called, args } });
const method = (target: JsonObject, called: string, ...args: JsonObject[]): JsonObject => ({
  call_expr: { target, function: called, args },
});
const header = (key: string): JsonObject => call('_[_]', field(name('request'), 'headers'), text(key));
const metadata = (...path: string[]): JsonObject =>
  path.reduce((sum, key) => call('_[_]', sum, text(key)), field(name('metadata'), 'filter_metadata'));

const texts: Expression = fc.constantFrom(
  header('x'),
  header('y'),
  field(name('request'), 'path'),
  field(name('request'), 'url_path'),
  field(name('request'), 'query'),
  field(name('request'), 'method'),
  field(name('request'), 'host'),
  field(name('request'), 'protocol'),
  field(name('request'), 'referer'),
  field(name('connection'), 'requested_server_name'),
  field(name('connection'), 'uri_san_peer_certificate'),
  metadata('lab', 'text'),
  metadata('lab', 'none'),
  metadata('none', 'text'),
  call('_[_]', name('filter_state'), text('lab.state')),
  text('abc'),
  text('/a'),
);

const numbers: Expression = fc.constantFrom(
  int(5),
  int(2),
  double(2.5),
  call('size', field(name('request'), 'path')),
  call('int', header('y')),
  metadata('lab', 'number'),
  call('_+_', metadata('lab', 'number'), double(1)),
  call('_+_', metadata('lab', 'number'), int(1)),
  call('_/_', int(5), int(2)),
  call('_%_', int(5), int(0)),
  field(name('destination'), 'port'),
  field(name('request'), 'size'),
);

const comparison: Expression = fc.oneof(
  fc.tuple(fc.constantFrom('_==_', '_!=_', '_<_', '_>=_'), texts, texts).map(([operator, a, b]) => call(operator, a, b)),
  fc.tuple(fc.constantFrom('_==_', '_!=_', '_<_', '_>=_', '_>_', '_<=_'), numbers, numbers).map(([operator, a, b]) => call(operator, a, b)),
  fc
    .tuple(texts, fc.constantFrom('startsWith', 'endsWith', 'contains', 'matches'), fc.constantFrom('/a', 'a', '5', ''))
    .map(([target, called, part]) => method(target, called, text(part))),
  texts.map((item) => call('@in', item, { list_expr: { elements: [text('abc'), text('GET'), text('/a')] } })),
  fc.constantFrom('x', 'y', 'none').map((key) => call('@in', text(key), field(name('request'), 'headers'))),
  fc.constantFrom('x', 'y').map((key) => has(field(name('request'), 'headers'), key)),
  fc.constantFrom(
    has(name('response'), 'code'),
    has(name('connection'), 'tls_version'),
    has(name('metadata'), 'filter_metadata'),
    call('_==_', metadata('lab', 'bool'), { const_expr: { bool_value: true } }),
    call('_==_', call('_[_]', metadata('lab', 'list'), int(0)), int(1)),
    call('@in', int(2), metadata('lab', 'list')),
    metadata('lab', 'bool'),
    name('nobody'),
    call('_==_', call('type', metadata('lab', 'number')), name('double')),
    field(name('connection'), 'mtls'),
    call('_==_', field(name('xds'), 'route_name'), text('r')),
  ),
);

const { condition } = fc.letrec<{ condition: JsonObject }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.tuple(fc.constantFrom('_&&_', '_||_'), tie('condition'), tie('condition')).map(([operator, a, b]) => call(operator, a, b)),
    tie('condition').map((inner) => call('!_', inner)),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map((parts) => call('_?_:_', ...parts)),
  ),
}));

const preparation = [
  extension('set_metadata', 'filters.http.set_metadata.v3.Config', {
    metadata: [{ metadata_namespace: 'lab', value: { text: 'abc', number: 5, bool: true, list: [1, 2] } }],
  }),
  extension('set_filter_state', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: [
      { object_key: 'lab.state', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: 'abc' } } },
    ],
  }),
];

export const celConditions: fc.Arbitrary<LabCase> = fc
  .record({
    conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
    action: fc.constantFrom('ALLOW', 'DENY'),
    requests: fc.array(plainRequest, { minLength: 5, maxLength: 9 }),
  })
  .map(({ conditions, action, requests }) => {
    const policies = Object.fromEntries(
      conditions.map((each, index) => [`p${index}`, { permissions: [{ any: true }], principals: [{ any: true }], condition: each }]),
    );
    const rbac = extension('rbac', 'filters.http.rbac.v3.RBAC', { rules: { action, policies } });
    const routes: JsonObject[] = [{ name: 'r', match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: [...preparation, rbac] });
    return { area: 'cel', listeners: [listener('l', [chain])], clusters: clusters(1), requests: once(requests) };
  });
