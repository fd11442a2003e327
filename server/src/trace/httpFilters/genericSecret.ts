/** Secrets that filters share with other services. */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import type { Hop } from '../hop';

/** The text of the generic secret that an `SdsSecretConfig` names; undefined where no open file has it, or a dump keeps it back. */
export function readGenericSecret({ proxy }: Hop, reference: ConfigNode | undefined): string | undefined {
  const found = proxy.byName.secret.get(reference?.string('name') ?? '')?.node;
  const text = found?.path('generic_secret', 'secret', 'inline_string')?.asString();
  return text === KEPT_BACK ? undefined : text;
}
