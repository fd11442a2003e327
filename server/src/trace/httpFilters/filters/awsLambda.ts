/** envoy.filters.http.aws_lambda (Envoy: source/extensions/filters/http/aws_lambda/aws_lambda_filter.cc). */
import { isJsonObject } from '../../../protocol/jsonValue';
import { markUnknownHeader, setHeader } from '../../facts/httpRequest';
import { metadataOf } from '../../facts/metadataValue';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import { signForAws } from './awsRequestSigning';

const NAMESPACE = 'com.amazonaws.lambda';

/** Makes an invocation of the request where the route's cluster is a gateway to Lambda; whatever the function answers is unwrapped on its way back. */
export function runAwsLambda(call: FilterCall): HopResult | undefined {
  const { hop, http, name } = call;
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  const marks = metadataOf(cluster?.get('metadata'), NAMESPACE);
  const mark = isJsonObject(marks) && !(marks instanceof NotKnown) ? marks['egress_gateway'] : marks;
  if (mark instanceof NotKnown) return leaveOpen(call, mark.missing, { at: cluster });
  if (mark !== true)
    return pass(call, { because: say`the metadata ${NAMESPACE} of the route's cluster has no egress_gateway: true`, at: cluster });
  const config = routeConfigOf(http, name)?.node.get('invoke_config') ?? call.config;
  const { request } = http;
  const arn = config.string('arn');
  request.path = `/2015-03-31/functions/${arn}/invocations`;
  request.method = 'POST';
  const isAsynchronous = config.isEnum('invocation_mode', 'ASYNCHRONOUS', 1);
  setHeader(request, 'x-amz-invocation-type', isAsynchronous ? 'Event' : 'RequestResponse');
  if (config.bool('payload_passthrough') !== true) {
    setHeader(request, 'content-type', 'application/json');
    setHeader(request, 'content-length', '?');
    markUnknownHeader(request, 'content-length', words('the length of the request written as JSON'));
  }
  signForAws(call, config);
  return tell(call, say`filter ${name} invokes ${arn}`, { because: words("the route's cluster is a gateway to Lambda"), at: config });
}
