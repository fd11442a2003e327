/** envoy.filters.http.thrift_to_metadata (Envoy: source/extensions/filters/http/thrift_to_metadata/filter.cc; observed with Envoy 1.40). */
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { say, words } from '../../record/sentence';
import { fitsContentType, tellWritten } from '../bodyToMetadata';
import { pass, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { routeConfigOf } from '../perRouteConfig';

const BODY = words('the Thrift message in the body');

/** Without a body everything is missing; what a message says a trace does not know. */
export function runThriftToMetadata(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const config = routeConfigOf(http, call.name)?.node ?? call.config;
  const rules = config.list('request_rules');
  const fits = rules.length > 0 && fitsContentType(call, config, 'application/x-thrift');
  if (fits === false) return pass(call, { because: words('it reads Thrift messages only'), at: config });
  const open = typeof fits === 'object' ? fits.missing : announcedLength(http.request) !== 0 ? BODY : undefined;
  const written = rules.flatMap((rule) => {
    const pair = rule.get('on_missing') ?? (open ? rule.get('on_present') : undefined);
    if (!pair) return [];
    const [namespace, key] = [pair.string('metadata_namespace') || 'envoy.filters.http.thrift_to_metadata', pair.string('key')];
    setMetadata(http, namespace, key, open ? new NotKnown(open) : (pair.get('value')?.toValue() ?? null));
    return [say`${`${namespace}:${key}`} is ${open ?? words('that of a missing field')}`];
  });
  return tellWritten(call, written, config);
}
