/** envoy.filters.http.geoip (Envoy: source/extensions/filters/http/geoip/geoip_filter.cc, source/extensions/geoip_providers). */
import type { ConfigNode } from '../../../schema/configNode';
import { markUnknownHeader } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import { leaveOpen, tell, type FilterCall } from '../filterCall';

const FIELDS = ['geo_headers_to_add', 'geo_field_keys'];

/** The database fills headers that the provider names: nobody else knows with what. */
export function runGeoip(call: FilterCall): ReturnType<typeof leaveOpen> | undefined {
  const common = call.config.get('provider')?.typed()?.node.get('common_provider_config');
  const names = FIELDS.flatMap((field) => (common?.get(field)?.entries() ?? []).flatMap(([, node]) => nameOf(node)));
  if (names.length === 0) return leaveOpen(call, words("which headers on the client's place the geolocation provider writes"));
  for (const name of names) markUnknownHeader(call.http.request, name, say`the client's place in the database of filter ${call.name}`);
  return tell(call, say`filter ${call.name} writes the headers ${names}`, { because: words("a database tells the client's place") });
}

function nameOf(node: ConfigNode): string[] {
  const value = node.toValue();
  return typeof value === 'string' && value !== '' ? [value.toLowerCase()] : [];
}
