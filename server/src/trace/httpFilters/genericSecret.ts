/** Secrets that filters share with other services. */
import { inlineText } from '../../model/dataSource';
import type { ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';

/** The text of the generic secret that an `SdsSecretConfig` names; undefined where no open file has it, or a dump keeps it back. */
export function readGenericSecret({ proxy }: Hop, reference: ConfigNode | undefined): string | undefined {
  const found = proxy.byName.secret.get(reference?.string('name') ?? '')?.node;
  return inlineText(found?.path('generic_secret', 'secret'));
}
