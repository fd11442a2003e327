/** envoy.filters.http.ip_tagging (Envoy: source/extensions/filters/http/ip_tagging/ip_tagging_filter.cc). */
import { cidrContains, readCidr } from '../../../model/address';
import { hasHeader, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { clientAddress } from '../../facts/peerAddress';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { clearRoute, leaveOpen, pass, type FilterCall } from '../filterCall';

const HEADER = 'x-envoy-ip-tags';

/** Writes the tags of the client's IP into a header; then the route is looked up again. */
export function runIpTagging(call: FilterCall): HopResult | undefined {
  const { hop, http, config } = call;
  if (http.internal ? config.isEnum('request_type', 'EXTERNAL', 2) : config.isEnum('request_type', 'INTERNAL', 1))
    return pass(call, { because: say`it tags ${http.internal ? 'EXTERNAL' : 'INTERNAL'} requests only` });
  if (config.has('ip_tags_file_provider')) return leaveOpen(call, words("the file of IP tags: the request's tags may change its route"));
  const address = clientAddress(hop);
  if (address === 'unknown') return leaveOpen(call, words("the source IP, which has its tags: give the connection's source"));
  const tags = address === 'none' ? [] : tagsOf(call, address.ip);
  return tags.length === 0 ? withoutTags(call) : withTags(call, tags);
}

function tagsOf({ config }: FilterCall, ip: string): string[] {
  const tags = config.list('ip_tags').filter((tag) => tag.list('ip_list').some((range) => contains(range, ip)));
  return tags.map((tag) => tag.string('ip_tag_name'));
}

function contains(range: Parameters<typeof readCidr>[0], ip: string): boolean {
  const cidr = readCidr(range);
  return cidr !== undefined && cidrContains(cidr, ip);
}

function withoutTags(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const own = config.get('ip_tag_header');
  const sanitizes = own && !own.isEnum('action', 'APPEND_IF_EXISTS_OR_ADD', 1);
  const isThere = sanitizes && hasHeader(http.request, own.string('header'));
  if (isThere instanceof NotKnown) return leaveOpen(call, say`whether the request brings tags: ${isThere.missing}`);
  if (!sanitizes || !isThere) return pass(call, { because: words("the client's IP has no tag") });
  removeHeader(http.request, own.string('header'));
  return clearRoute(call, say`header ${own.string('header')} is taken off, for the client's IP has no tag`);
}

function withTags(call: FilterCall, tags: readonly string[]): HopResult | undefined {
  const { request } = call.http;
  const own = call.config.get('ip_tag_header');
  const name = own?.string('header') || HEADER;
  if (own && !own.isEnum('action', 'APPEND_IF_EXISTS_OR_ADD', 1)) setHeader(request, name, tags.join(','));
  else appendToFirstLine(request, name.toLowerCase(), tags.join(','));
  return clearRoute(call, say`header ${name} gets the tags ${tags} of the client's IP`);
}

/** Further lines stay as they are, and a line without a value is written anew (HeaderMapImpl::appendCopy, observed with Envoy 1.40). */
function appendToFirstLine({ headers }: HttpRequest, name: string, value: string): void {
  const line = headers.find(([key]) => key === name);
  if (!line) headers.push([name, value]);
  else line[1] = line[1] === '' ? value : `${line[1]},${value}`;
}
