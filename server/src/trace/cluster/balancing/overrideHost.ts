/** A host that the request itself names (Envoy: source/extensions/load_balancing_policies/override_host/load_balancer.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { Hop } from '../../hop';
import { followPath } from '../../matcher/inputs/httpInputs';
import { say, type Sentence } from '../../record/sentence';
import type { HostChoice } from './chooseHost';
import { hostAt, type HostPool } from './hostPool';

/** The first host that the cluster has, of those that `override_host_sources` name one after the other. undefined: the fallback policy picks. */
export function overriddenHost(hop: Hop, pool: HostPool): HostChoice | undefined {
  for (const source of pool.balancing.overrideHost?.list('override_host_sources') ?? []) {
    const reading = readSource(hop, source);
    if (reading.text instanceof NotKnown)
      return { kind: 'unknown', missing: say`the host that ${reading.what} names: ${reading.text.missing}` };
    for (const wanted of reading.text.split(',')) {
      const found = hostAt(pool, wanted.trim());
      if (found) return { kind: 'host', ...found, because: say`${reading.what} names it`, rejected: [] };
    }
  }
  return undefined;
}

interface SourceReading {
  readonly what: Sentence;
  /** '' where there is none. */
  readonly text: string | NotKnown;
}

/** The first value of `header`, or the text under `metadata`. */
function readSource({ http, connection }: Hop, source: ConfigNode): SourceReading {
  const header = source.string('header');
  if (header !== '') {
    const values = http ? knownHeader(http.request, header) : [];
    return { what: say`header ${header}`, text: values instanceof NotKnown ? values : (values[0] ?? '') };
  }
  const key = source.get('metadata');
  const path = (key?.list('path') ?? []).map((segment) => segment.string('key'));
  const found = followPath((http ?? connection).metadata.get(key?.string('key') ?? ''), path);
  return { what: say`metadata ${key?.string('key')}`, text: found instanceof NotKnown || typeof found === 'string' ? found : '' };
}
