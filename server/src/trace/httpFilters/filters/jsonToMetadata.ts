/** envoy.filters.http.json_to_metadata (Envoy: source/extensions/filters/http/json_to_metadata/filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { followPath } from '../../matcher/inputs/httpInputs';
import { say, words, type Sentence } from '../../record/sentence';
import { fitsContentType, tellWritten } from '../bodyToMetadata';
import { pass, type FilterCall } from '../filterCall';
import { setMetadata } from '../metadataWriter';
import { routeConfigOf } from '../perRouteConfig';

const NAMESPACE = 'envoy.filters.http.json_to_metadata';
const BODY = words('the JSON body of the request');

/** Without a body everything is missing; another content type is an error; what a body holds a trace does not know. */
export function runJsonToMetadata(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  const rules = config.get('request_rules');
  const list = rules?.list('rules') ?? [];
  if (!rules || list.length === 0) return pass(call, { because: words('it reads answers only'), at: config });
  const fits = fitsContentType(call, rules, 'application/json');
  const open = typeof fits === 'object' ? fits.missing : fits && announcedLength(call.http.request) !== 0 ? BODY : undefined;
  const written = list.flatMap((rule) =>
    open ? writeOpen(call, rule, open) : writeFixed(call, rule.get(fits === true ? 'on_missing' : 'on_error')),
  );
  return tellWritten(call, written, rules);
}

interface Place {
  readonly namespace: string;
  readonly key: string;
}

/** Undefined where the rule keeps what is there. */
function placeOf({ http }: FilterCall, pair: ConfigNode): Place | undefined {
  const namespace = pair.string('metadata_namespace') || NAMESPACE;
  const key = pair.string('key');
  const keeps = pair.bool('preserve_existing_metadata_value') === true;
  return keeps && followPath(http.metadata.get(namespace), [key]) !== undefined ? undefined : { namespace, key };
}

function writeFixed(call: FilterCall, pair: ConfigNode | undefined): Sentence[] {
  const value = pair?.get('value');
  const place = pair && placeOf(call, pair);
  if (!value || !place) return [];
  setMetadata(call.http, place.namespace, place.key, value.toValue());
  return [say`${`${place.namespace}:${place.key}`} is ${JSON.stringify(value.toValue())}`];
}

/** Any of its three ways may be taken. */
function writeOpen(call: FilterCall, rule: ConfigNode, missing: Sentence): Sentence[] {
  const places = ['on_present', 'on_missing', 'on_error'].flatMap((field) => {
    const pair = rule.get(field);
    return (pair && placeOf(call, pair)) ?? [];
  });
  for (const { namespace, key } of places) setMetadata(call.http, namespace, key, new NotKnown(missing));
  return places.slice(0, 1).map(({ namespace, key }) => say`${`${namespace}:${key}`} depends on ${missing}`);
}
