/** `x-forwarded-client-cert`: whose certificate the upstream is told of (Envoy: ConnectionManagerUtility::mutateXfccRequestHeader). */
import type { ConfigNode } from '../../../schema/configNode';
import { lostField } from '../../../schema/keptBack';
import { hasClientCertificate } from '../../matcher/clientNames';
import { markDoubtfulHeader, markUnknownHeader, removeHeader, setHeader } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { evaluateLossy } from '../../matcher/evaluateMatcher';
import { findLostActions } from '../../matcher/lostActions';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';

const XFCC = 'x-forwarded-client-cert';

/** Default SANITIZE: a client's own header is dropped, as it is without mTLS. What Envoy writes has the certificate's hash, which no request tells. */
export function forwardClientCertificate(hop: Hop, http: HttpStream): void {
  const { request } = http;
  const settings = settingsOf(hop, http);
  if (settings === undefined) return doubt(http, words('what forward_client_cert_matcher says'));
  if (lostField(settings, ['forward_client_cert_details']))
    return doubt(http, say`what ${'forward_client_cert_details'} says, which the file has lost or keeps back`);
  const isForwarding = (name: string, number: number): boolean => settings.isEnum('forward_client_cert_details', name, number);
  if (isForwarding('ALWAYS_FORWARD_ONLY', 4)) return;
  const isMutual = hasClientCertificate(hop.connection.tls);
  const isSet = isForwarding('SANITIZE_SET', 3);
  if (isForwarding('SANITIZE', 0) || isSet || !isMutual) removeHeader(request, XFCC);
  if (!isMutual || !(isSet || isForwarding('APPEND_FORWARD', 2))) return;
  setHeader(request, XFCC, '?');
  markUnknownHeader(request, XFCC, words("what Envoy writes of the client's certificate"));
}

/** Shown as a header that may be there. */
function doubt({ request }: HttpStream, missing: Sentence): void {
  setHeader(request, XFCC, '?');
  markDoubtfulHeader(request, XFCC, missing);
}

const findLost = findLostActions();

/** The action of `forward_client_cert_matcher`; the manager's own fields where none is taken, or one that is lost; undefined where nobody can tell. */
function settingsOf(hop: Hop, http: HttpStream): ConfigNode | undefined {
  const { manager } = http;
  const matcher = manager.get('forward_client_cert_matcher');
  if (!matcher) return manager;
  const result = evaluateLossy(matcher, { ...matchContextOf(hop), http }, findLost);
  if (result.kind === 'no_match' || result.kind === 'lost') return manager;
  if (result.kind === 'insufficient') return undefined;
  const action = result.action.typed()?.node;
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the client's certificate is forwarded as ${action?.enumName('forward_client_cert_details') || 'SANITIZE'}`,
    because: result.because,
    at: result.action,
    rejected: result.rejected,
  });
  return action;
}
