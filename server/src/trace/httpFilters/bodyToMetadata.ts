/** What the filters share that write what a body says into metadata (Envoy: source/extensions/filters/http/{json,thrift}_to_metadata/filter.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { knownHeader } from '../facts/httpRequest';
import { NotKnown } from '../facts/notKnown';
import type { HopResult } from '../hop';
import { joinSentences, say, words, type Sentence } from '../record/sentence';
import { clearRoute, pass, tell, type FilterCall } from './filterCall';

/** Whether the filter reads bodies of the request's content type; `usual` where its configuration names none. Where nobody can tell, what is missing. */
export function fitsContentType({ http }: FilterCall, rules: ConfigNode, usual: string): boolean | NotKnown {
  const values = knownHeader(http.request, 'content-type');
  if (values instanceof NotKnown) return values;
  const type = values[0]?.split(';')[0]?.trim() ?? '';
  if (type === '') return rules.bool('allow_empty_content_type') === true;
  const allowed = rules.list('allow_content_types').map((each) => each.asString() ?? '');
  return (allowed.length > 0 ? allowed : [usual]).includes(type);
}

/** What has been written, rule by rule; whatever has been written, the route is chosen anew. */
export function tellWritten(call: FilterCall, written: readonly Sentence[], at: ConfigNode): HopResult | undefined {
  if (written.length === 0) return pass(call, { because: words('none of its rules writes metadata'), at });
  tell(call, say`filter ${call.name} sets metadata`, { because: joinSentences(written), at });
  return clearRoute(call, words('it has set metadata'));
}
