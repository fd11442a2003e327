/** The values that a configuration puts into PROXY protocol headers (Envoy: tcp_proxy.cc parseTLVs, proxy_protocol.cc buildCustomTLVs). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { decodeBase64, decodeUtf8 } from '../../text/encoding';
import { NotKnown } from '../facts/notKnown';
import type { ProxyTlv } from '../facts/proxyTlv';
import { say } from '../record/sentence';
import type { FormatContext } from './formatContext';
import { formatSubstitution } from './formatString';

/** Reads `core.v3.TlvEntry`s; a value may be a format string. */
export function readTlvs(entries: readonly ConfigNode[], context: FormatContext): ProxyTlv[] {
  return entries.map((entry) => ({ type: entry.number('type') ?? 0, value: valueOf(entry, context) }));
}

function valueOf(entry: ConfigNode, context: FormatContext): string | NotKnown {
  const format = entry.get('format_string');
  if (!format) return bytesOf(entry);
  const made = formatSubstitution(format, context);
  return made.kind === 'text' ? made.value : new NotKnown(made.missing);
}

const bytesOf: (entry: ConfigNode) => string | NotKnown = memoizeByNode((entry) => {
  const text = entry.string('value');
  const bytes = text === KEPT_BACK ? undefined : decodeBase64(text);
  if (!bytes || (text === '' && entry.isIncomplete))
    return new NotKnown(say`the TLV ${entry.number('type') ?? 0} of the PROXY protocol header, whose value the file keeps back`);
  // MessageUtil::sanitizeUtf8String
  return decodeUtf8(bytes).replaceAll('\uFFFD', '!');
});
