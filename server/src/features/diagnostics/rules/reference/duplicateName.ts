/** Two static resources of one name (source/common/upstream/cluster_manager_impl.cc, secret_manager_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import { freeName, renameTo } from '../../renameFix';
import type { Problem } from '../../rule';

export const duplicateName = refusalRule('duplicate-name', {
  [BOOTSTRAP]: (bootstrap) => {
    const statics = bootstrap.get('static_resources');
    return [
      ...repeated(statics?.list('clusters') ?? [], () => 'clusters'),
      ...repeated(statics?.list('secrets') ?? [], (secret) => secretKind(secret)),
      ...repeated(bootstrap.path('layered_runtime')?.list('layers') ?? [], () => 'runtime layers'),
    ];
  },
});

function repeated(items: readonly ConfigNode[], kindOf: (item: ConfigNode) => string): Problem[] {
  const seen = new Map<string, ConfigNode>();
  return items.flatMap((item) => {
    const name = item.string('name');
    const kind = kindOf(item);
    const key = `${kind}\n${name}`;
    const first = seen.get(key);
    if (!first) seen.set(key, item);
    if (!first || name === '') return [];
    return [
      errorAt(item.get('name') ?? item, `There are two ${kind} "${name}".`, {
        related: [{ message: 'The first one', at: first.get('name') ?? first }],
        fix: () => renameTo(item, freeName(name, items)),
      }),
    ];
  });
}

function secretKind(secret: ConfigNode): string {
  const kind = ['tls_certificate', 'validation_context', 'session_ticket_keys', 'generic_secret'].find((field) => secret.has(field)) ?? '';
  return `secrets of the kind "${kind}" named`;
}
