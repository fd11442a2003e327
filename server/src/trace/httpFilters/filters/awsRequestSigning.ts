/** envoy.filters.http.aws_request_signing (Envoy: source/extensions/filters/http/aws_request_signing/aws_request_signing_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { markUnknownHeader, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import { tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** What a signature is made of; with `query_string` all but the digest of the body stands in the query. */
const SIGNATURE = ['x-amz-content-sha256', 'authorization', 'x-amz-date'];

/** Signs the request for the upstream, for the host that `host_rewrite` names. */
export function runAwsRequestSigning(call: FilterCall): undefined {
  const config = routeConfigOf(call.http, call.name)?.node.get('aws_request_signing') ?? call.config;
  const host = config.string('host_rewrite');
  signForAws(call, config);
  return tell(call, say`filter ${call.name} signs the request`, {
    because: host === '' ? words('the upstream wants to know who asks') : say`the upstream wants to know who asks, as host ${host}`,
    at: config,
  });
}

/** The signature holds the time: no file tells it. */
export function signForAws({ http: { request }, name }: FilterCall, config: ConfigNode): void {
  const host = config.string('host_rewrite');
  if (host !== '') request.authority = host;
  const isInQuery = config.has('query_string');
  for (const header of isInQuery ? SIGNATURE.slice(0, 1) : SIGNATURE) {
    setHeader(request, header, '?');
    markUnknownHeader(request, header, say`the signature of filter ${name}`);
  }
  if (isInQuery) markUnknownHeader(request, ':path', say`the signature of filter ${name}`);
  else nameSession(request, config);
}

const SESSION = 'x-amz-security-token';

/** Sent with temporary credentials alone; what the client says of it goes (Envoy: source/extensions/common/aws/signer_base_impl.cc, addRequiredHeaders). */
function nameSession(request: HttpRequest, config: ConfigNode): void {
  removeHeader(request, SESSION);
  const credentials = config.path('credential_provider', 'inline_credential') ?? config.get('credentials');
  const token = credentials?.string('session_token') ?? '';
  if (!credentials || keepsBack(credentials)) markUnknownHeader(request, SESSION, words('the credentials by which the request is signed'));
  else if (token !== '') setHeader(request, SESSION, token);
}
