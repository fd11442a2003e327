/** Names and contents of certificates that neither the request nor a file tells. */
import { AUTHORITY_PEM } from '../../../support/certificates';
import {
  any,
  call,
  cluster,
  filter,
  manager,
  missing,
  REST,
  ROUTE,
  textOf,
  type Asked,
  type Call,
  type Fields,
  type MissingCase,
  type World,
} from './missingCase';

const TLS = 'envoy.extensions.transport_sockets.tls.v3.';
const socket = (type: 'UpstreamTlsContext' | 'DownstreamTlsContext', common_tls_context: unknown, more: Fields = {}): Fields => ({
  transport_socket: { name: 'tls', typed_config: any(`${TLS}${type}`, { common_tls_context, ...more }) },
});
const TRUSTS: Fields = { validation_context: { trusted_ca: { filename: '/ca' } } };
const CHAIN = socket('DownstreamTlsContext', TRUSTS);
const client = (peerNames?: Fields): Call => ({
  connection: { transport: 'tls', peerPrincipals: ['spiffe://a/web'], ...(peerNames && { peerNames }) },
});
const TOLD = client({ dns: ['web.test'], subject: 'CN=web' });

const allows = (principal: unknown): Fields =>
  filter('r', 'rbac.v3.RBAC', { rules: { policies: { p: { permissions: [{ any: true }], principals: [principal] } } } });
const named = (exact: string): Fields => allows({ authenticated: { principal_name: { exact } } });
const alternative = (san_matcher: unknown): Fields =>
  allows({ custom: { name: 'm', typed_config: any('envoy.extensions.rbac.principals.mtls_authenticated.v3.Config', { san_matcher }) } });
const byInput = (type: string, key: string): Fields => {
  const input = filter('i', `envoy.extensions.matching.common_inputs.ssl.v3.${type}`);
  const action = { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name: 'p', action: 'ALLOW' }) };
  return filter('r', 'rbac.v3.RBAC', { matcher: { matcher_tree: { input, exact_match_map: { map: { [key]: { action } } } } } });
};
/** The route is chosen by a header that holds a format. */
const chosenBy = (text: string, common: unknown = TRUSTS): World => ({
  chain: socket('DownstreamTlsContext', common),
  routes: [{ match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '1' } }] }, route: { cluster: 'a' } }, ROUTE],
  http: [
    filter('m', 'header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'y', value: text } } }] },
    }),
    filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' } }),
  ],
});
const shows = (source: Fields): Fields => ({
  ...TRUSTS,
  tls_certificates: [{ certificate_chain: source, private_key: { filename: '/k' } }],
});

/** A first proxy that connects to a second one by TLS. */
function meeting(first: Fields, second: World, clientSocket?: unknown): Asked {
  const address = (ip: string, port_value: number): Fields => ({ address: { socket_address: { address: ip, port_value } } });
  const endpoints = [{ lb_endpoints: [{ endpoint: address('10.0.0.2', 443) }] }];
  const upstream = clientSocket === undefined ? socket('UpstreamTlsContext', first) : { transport_socket: clientSocket };
  const proxy = (ip: string, listener: Fields, own: Fields): string =>
    textOf({ node: { id: `sidecar~${ip}~p.n~n.svc.cluster.local` }, static_resources: { listeners: [listener], clusters: [own] } });
  const chain = socket('DownstreamTlsContext', { validation_context: { trusted_ca: { filename: '/ca' }, ...second.more } });
  return {
    files: {
      '/w/first.json': proxy(
        '10.0.0.1',
        { name: 'l', ...address('0.0.0.0', 80), filter_chains: [{ filters: [manager({})] }] },
        { name: 'a', load_assignment: { cluster_name: 'a', endpoints }, ...upstream },
      ),
      '/w/second.json': proxy(
        '10.0.0.2',
        { name: 'm', ...address('0.0.0.0', 443), filter_chains: [{ filters: [manager(second)], ...chain, ...second.chain }] },
        cluster('a', {}),
      ),
    },
    request: call(),
  };
}

const UNREADABLE = shows({ filename: '/c' });
const READABLE = shows({ inline_string: AUTHORITY_PEM });
/** The first one compares the names of the second, which shows a certificate. */
const compared = (expects: unknown, chain: Fields): Asked =>
  meeting({ validation_context: { match_typed_subject_alt_names: expects } }, { chain: socket('DownstreamTlsContext', chain) });
const DNS = { san_type: 'DNS', matcher: { exact: 'web.shop' } };

const met = (name: string, second: World, becomes: string): MissingCase => ({
  name,
  without: meeting(UNREADABLE, second),
  plus: meeting(READABLE, second),
  becomes,
});

export const certificateCases: readonly MissingCase[] = [
  missing('DNS names and subject', { world: { chain: CHAIN, http: [named('web.test')] }, call: client() }, { call: TOLD }),
  missing(
    'names of one kind',
    { world: { chain: CHAIN, http: [alternative({ san_type: 'DNS', matcher: { exact: 'web.test' } })] }, call: client() },
    { call: TOLD },
  ),
  missing(
    'which names are compared',
    { world: { chain: CHAIN, http: [alternative({ san_type: 'URI', matcher: null })] }, call: client() },
    { world: { chain: CHAIN, http: [alternative({ san_type: 'URI', matcher: { prefix: 'spiffe://' } })] } },
  ),
  missing('an input of DNS names', { world: { chain: CHAIN, http: [byInput('DnsSanInput', 'web.test')] }, call: client() }, { call: TOLD }),
  missing('a format of the subject', { world: chosenBy('%DOWNSTREAM_PEER_SUBJECT%'), call: client() }, { call: TOLD }),
  missing(
    'our own certificate in a format',
    { world: chosenBy('%DOWNSTREAM_LOCAL_URI_SAN%', UNREADABLE), call: client() },
    { world: chosenBy('%DOWNSTREAM_LOCAL_URI_SAN%', READABLE) },
  ),
  met('who a proxy is', { http: [named('spiffe://a')] }, 'denied'),
  met('who a proxy is, by an input', { http: [byInput('UriSanInput', 'spiffe://a')] }, 'denied'),
  met(
    'whether the next proxy accepts it',
    { more: { match_typed_subject_alt_names: [{ san_type: 'URI', matcher: { exact: 'x' } }] } },
    'tls_error',
  ),
  {
    name: 'the certificate that the sender compares',
    without: compared([DNS], shows({ inline_string: '[redacted]' })),
    plus: compared([DNS], READABLE),
    becomes: 'upstream',
  },
  {
    name: 'whom the sender expects',
    without: compared([REST], READABLE),
    plus: compared([], READABLE),
    becomes: 'upstream',
  },
  {
    name: 'one of whom the sender expects',
    without: compared([{ san_type: 'DNS', matcher: { exact: '[redacted]' } }], READABLE),
    plus: compared([DNS], READABLE),
    becomes: 'upstream',
  },
  {
    name: 'TLS to the next proxy of which a part is cut',
    without: meeting({}, {}, { name: 'tls', typed_config: { ...any(`${TLS}UpstreamTlsContext`), sni: '[redacted]' } }),
    plus: meeting({}, {}),
    becomes: 'upstream',
  },
  {
    name: 'a socket of its own to the next proxy',
    without: meeting({}, {}, { name: 'x', typed_config: any('envoy.extensions.transport_sockets.acme.v3.Acme') }),
    plus: meeting({}, {}),
    becomes: 'upstream',
  },
];
