/** What the connection manager itself does to an answer, after all filters (Envoy: conn_manager_impl.cc encodeHeaders, ConnectionManagerUtility::mutateResponseHeaders). */
import type { HeaderChanges } from '../../protocol/trace';
import { KEPT_BACK } from '../../schema/keptBack';
import { headerValues, unknownHeader } from '../facts/httpRequest';
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { words } from '../record/sentence';
import type { HttpStream } from '../httpStream';
import { isUpgrade } from './isUpgrade';
import { addProxyStatus } from './localReply/proxyStatus';
import { doubtHeader, forgetHeader, recordHeaderChange } from './recordHeaderChange';

export function finishAnswer(hop: Hop, http: HttpStream, result: HopResult): HopResult {
  fillServerAndDate(http);
  const mayUpgrade = isUpgrade(http.request) && http.answer?.isLocal !== true;
  for (const name of mayUpgrade ? OF_HOP : [...OF_HOP, 'connection', 'upgrade']) forgetHeader(http.responseHeaders, name);
  echoRequestId(http);
  const via = http.manager.string('via');
  if (via !== '') appendVia(http.responseHeaders, via === KEPT_BACK ? '?' : via);
  if (via === KEPT_BACK) doubtHeader(http.responseHeaders, 'via');
  const code = addProxyStatus(hop, http);
  if (code === undefined || result.kind !== 'ending') return result;
  if (code === 'unknown') return cannotTell(words('the status of the answer (proxy_status_config), which the file leaves out'));
  return { ...result, response: { ...result.response, code } };
}

/** Behind what is written already (Envoy: Utility::appendVia). */
function appendVia(changes: HeaderChanges, via: string): void {
  const written = [...changes.set, ...changes.append].find(([name]) => name === 'via');
  if (written) written[1] = written[1] === '' ? via : `${written[1]}, ${via}`;
  else changes.append.push(['via', via]);
}

/** They speak of one connection: none of them reaches the client, whoever wrote it. An upgrade keeps `connection` and `upgrade`. */
const OF_HOP: readonly string[] = ['transfer-encoding', 'keep-alive', 'proxy-connection'];

/** An answer never lacks a date, and lacks a server only where `PASS_THROUGH` says so. */
function fillServerAndDate({ manager, responseHeaders }: HttpStream): void {
  if (responseHeaders.remove.includes('date')) overwrite(responseHeaders, 'date', undefined);
  if (manager.isEnum('server_header_transformation', 'OVERWRITE', 0)) forgetHeader(responseHeaders, 'server');
  else if (manager.isEnum('server_header_transformation', 'APPEND_IF_ABSENT', 1) && responseHeaders.remove.includes('server'))
    overwrite(responseHeaders, 'server', known(manager.string('server_name') || 'envoy'));
}

function known(text: string): string | undefined {
  return text === KEPT_BACK ? undefined : text;
}

function echoRequestId({ manager, request, responseHeaders }: HttpStream): void {
  const isWanted = manager.bool('always_set_request_id_in_response') === true || headerValues(request, 'x-envoy-force-trace').length > 0;
  const id = headerValues(request, REQUEST_ID)[0];
  const isUnknown = unknownHeader(request, REQUEST_ID) !== undefined;
  if (isWanted && (id !== undefined || isUnknown)) overwrite(responseHeaders, REQUEST_ID, id, isUnknown);
}

/** Without a value only the running Envoy knows it. */
function overwrite(changes: HeaderChanges, name: string, value: string | undefined, isUnknown = value === undefined): void {
  recordHeaderChange(changes, { kind: 'add', name, value: value ?? '?', action: 'OVERWRITE_IF_EXISTS_OR_ADD', isUnknown });
}

const REQUEST_ID = 'x-request-id';
