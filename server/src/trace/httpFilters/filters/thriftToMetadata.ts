/** envoy.filters.http.thrift_to_metadata (Envoy: source/extensions/filters/http/thrift_to_metadata/filter.cc; observed with Envoy 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/announcedBody';
import { joinSentences, say, words } from '../../record/sentence';
import { clearRoute, pass, tell, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { routeConfigOf } from '../perRouteConfig';

const BODY = words('the Thrift message in the body');

/** Without a body everything is missing; what a message says a trace does not know. */
export function runThriftToMetadata(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const config = routeConfigOf(http, call.name)?.node ?? call.config;
  const rules = config.list('request_rules');
  if (rules.length === 0 || !fitsContentType(call, config))
    return pass(call, { because: words('it reads Thrift messages only'), at: config });
  const isOpen = announcedLength(http.request) !== 0;
  const written = rules.flatMap((rule) => {
    const pair = rule.get('on_missing') ?? (isOpen ? rule.get('on_present') : undefined);
    if (!pair) return [];
    const [namespace, key] = [pair.string('metadata_namespace') || 'envoy.filters.http.thrift_to_metadata', pair.string('key')];
    setMetadata(http, namespace, key, isOpen ? new NotKnown(BODY) : (pair.get('value')?.toValue() ?? null));
    return [say`${`${namespace}:${key}`} is ${isOpen ? BODY : words('that of a missing field')}`];
  });
  if (written.length === 0) return pass(call, { because: words('none of its rules writes metadata'), at: config });
  tell(call, say`filter ${call.name} sets metadata`, { because: joinSentences(written), at: config });
  return clearRoute(call, words('it has set metadata'));
}

function fitsContentType({ http }: FilterCall, config: ConfigNode): boolean {
  const type = headerValues(http.request, 'content-type')[0]?.split(';')[0]?.trim() ?? '';
  if (type === '') return config.bool('allow_empty_content_type') === true;
  const allowed = config.list('allow_content_types').map((each) => each.asString() ?? '');
  return (allowed.length > 0 ? allowed : ['application/x-thrift']).includes(type);
}
