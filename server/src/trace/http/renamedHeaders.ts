/** Envoy's own headers by another prefix than `x-envoy` (Envoy: `Bootstrap.header_prefix`; source/common/http/headers.h PrefixValue). */
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';
import type { HttpStream } from '../httpStream';

const USUAL = 'x-envoy';

/** The trace knows them by their usual names: that is said. What the client writes by either name may mean something or nothing. */
export function doubtRenamedHeaders({ proxy, choices, isFirst }: Hop, { request }: HttpStream): HopResult | undefined {
  const prefix = proxy.bootstrap?.string('header_prefix').toLowerCase() ?? '';
  if (prefix === '' || prefix === USUAL) return undefined;
  choices.note(
    `the bootstrap's header_prefix is \`${prefix}\`: headers of Envoy's own that this trace calls \`${USUAL}-…\` are \`${prefix}-…\``,
  );
  const named = request.headers.find(([name]) => [USUAL, prefix].some((each) => name.toLowerCase().startsWith(`${each}-`)));
  if (isFirst !== true || !named) return undefined;
  return cannotTell(
    say`what header ${named[0]} does: the bootstrap names Envoy's own headers ${prefix}-…, and a trace knows them as ${USUAL}-…`,
  );
}
