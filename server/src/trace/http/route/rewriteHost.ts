/** Host rewrites (Envoy: RouteEntryImplBase::finalizeHostHeader). auto_host_rewrite follows when the host is chosen. */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { formatString } from '../../format/formatString';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { words } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import type { FormatResult } from '../../format/formatContext';

/** The new host; undefined where it stays as it is. */
export function rewriteHost(hop: Hop, { request }: HttpStream, action: ConfigNode): FormatResult | undefined {
  const isHidden = FIELDS.some((name) => {
    const field = action.get(name);
    return field && keepsBack(field);
  });
  if (isHidden) return { kind: 'unknown', missing: words('the file keeps it back, or a part of it') };
  const literal = action.string('host_rewrite_literal');
  if (literal !== '') return { kind: 'text', value: literal };
  const header = action.string('host_rewrite_header');
  if (header !== '') return readHeader(request, header);
  const regex = action.get('host_rewrite_path_regex');
  if (regex) {
    const pattern = regex.path('pattern', 'regex')?.asString() ?? '';
    return textOrNothing(replaceAll(compileRegex(pattern), pathWithoutQuery(request.path), regex.string('substitution')));
  }
  const format = action.string('host_rewrite');
  if (format === '') return undefined;
  const made = formatString(format, { ...matchContextOf(hop), absentAs: '-' });
  return made.kind === 'text' ? textOrNothing(made.value) : made;
}

const FIELDS = ['host_rewrite_literal', 'host_rewrite_header', 'host_rewrite_path_regex'];

function readHeader(request: HttpRequest, name: string): FormatResult | undefined {
  const values = knownHeader(request, name);
  return values instanceof NotKnown ? { kind: 'unknown', missing: values.missing } : textOrNothing(values[0]);
}

function textOrNothing(value: string | undefined): FormatResult | undefined {
  return value === undefined || value === '' ? undefined : { kind: 'text', value };
}
