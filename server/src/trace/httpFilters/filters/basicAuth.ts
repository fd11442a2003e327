/** envoy.filters.http.basic_auth (Envoy: source/extensions/filters/http/basic_auth/basic_auth_filter.cc). */
import { inlineText } from '../../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { decodeBase64, encodeUtf8 } from '../../../text/encoding';
import { decodeStrictBase64 } from '../../facts/decodeStrictBase64';
import { knownHeader, setHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { noteChallenge } from '../noteChallenge';
import { routeConfigOf } from '../perRouteConfig';
import { sha1 } from '../sha1';

/** Name and password must be those of a user of the htpasswd text (SHA-1 only). */
export function runBasicAuth(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const users = routeConfigOf(http, call.name)?.node.get('users') ?? config.get('users');
  const header = config.string('authentication_header') || 'authorization';
  const values = knownHeader(http.request, header);
  if (values instanceof NotKnown) return leaveOpen(call, values.missing);
  const [given = ''] = values;
  const isOptional = config.bool('allow_missing') === true;
  if (isOptional && !given.startsWith('Basic '))
    return pass(call, { because: words('the request has no Basic credential, and it needs none'), at: config.get('allow_missing') });
  if (given === '')
    return refuse(call, 'no_credential_for_basic_auth', 'Missing username and password.', words('the request has no credential'));
  if (!given.startsWith('Basic '))
    return refuse(call, 'invalid_scheme_for_basic_auth', "Expected 'Basic' authentication scheme.", words('the scheme is not Basic'));
  const [, name, password] = /^([^:]*):([\s\S]*)$/.exec(decodeStrictBase64(given.slice(6)) ?? '') ?? [];
  if (name === undefined || password === undefined)
    return refuse(call, 'invalid_format_for_basic_auth', 'Invalid basic credential format.', words('the credential is malformed'));
  const hashes = users && hashesOf(users);
  if (!users || !hashes) return leaveOpen(call, words('the users, which are not in the configuration'), { at: users });
  if (!isEqual(hashes.get(name), sha1(encodeUtf8(password))))
    return refuse(
      call,
      'invalid_credential_for_basic_auth',
      'Invalid username/password combination.',
      say`it is not the password of ${name}`,
    );
  const forwarded = config.string('forward_username_header');
  if (forwarded !== '') setHeader(http.request, forwarded, name);
  if (config.bool('emit_dynamic_metadata') === true) setMetadata(http, call.name, 'username', name);
  return pass(call, { because: say`it is the password of ${name}`, at: users });
}

function refuse(call: FilterCall, details: string, reason: string, because: Sentence): HopResult {
  const realm = routeConfigOf(call.http, call.name)?.node.string('realm') || call.config.string('realm');
  noteChallenge(call.http, 'Basic', realm === '' ? {} : { uri: realm });
  return answer(call, 'denied', { code: 401, details, body: `User authentication failed. ${reason}` }, { because });
}

/** Lines of `user:{SHA}base64`; undefined where the text is elsewhere or kept back. */
const hashesOf: (source: ConfigNode) => ReadonlyMap<string, Uint8Array> | undefined = memoizeByNode((source) => {
  const text = inlineText(source);
  if (text === undefined) return undefined;
  const lines = text.split('\n').flatMap((line) => {
    const [, name, hash] = /^([^:#]+):\{SHA\}(\S+)\s*$/.exec(line) ?? [];
    return name === undefined || hash === undefined ? [] : [[name, decodeBase64(hash) ?? new Uint8Array()] as const];
  });
  return new Map(lines);
});

function isEqual(one: Uint8Array | undefined, other: readonly number[]): boolean {
  return one !== undefined && one.length === other.length && one.every((byte, index) => byte === other[index]);
}
