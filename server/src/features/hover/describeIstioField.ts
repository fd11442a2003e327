/** Hover of a host, a subset or a gateway in Istio's own YAML: what in the workspace has that name. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import { resourceAt } from '../../index/messagesAt';
import { fullHost, namespaceOf } from '../../model/istioSpec';
import { schemaAt } from '../../schema/schemaAt';
import type { ConfigNode } from '../../schema/configNode';
import { findIstioName, istioFieldAt } from '../istioWorld';
import { code, escapeMarkdown } from '../markdown';
import { schemaRootAt } from '../schemaRoot';

const MAX_ROWS = 8;

/** Undefined on other fields, and where nothing has the name. */
export function describeIstioField(snapshot: Snapshot, facts: DocumentFacts, node: ConfigNode): string | undefined {
  const root = schemaRootAt(facts, node.id);
  const field = root && istioFieldAt(facts, node.id, schemaAt(facts.tree, root.node, root.message, node.id));
  const name = node.asString();
  if (!field || name === undefined) return undefined;
  const targets = findIstioName(snapshot, field, name);
  if (targets.length === 0) return undefined;
  const whole = field.kind === 'host' ? fullHost(name, field.namespace) : name;
  const title = `**${field.kind === 'host' ? 'Host' : field.kind === 'subset' ? 'Subset' : 'Gateway'}** ${code(whole)}`;
  const of = field.kind === 'subset' ? ` of ${code(field.host)}` : '';
  const rows = targets.slice(0, MAX_ROWS).map((target) => `- ${describeTarget(snapshot, target)}`);
  const rest = targets.length > MAX_ROWS ? [`- … and ${targets.length - MAX_ROWS} more`] : [];
  return `${title}${of}\n\n${[...rows, ...rest].join('\n')}`;
}

function describeTarget({ documents }: Snapshot, target: ConfigNode): string {
  const facts = documents.get(target.tree.uri);
  const resource = facts && resourceAt(facts, target.id);
  const file = target.tree.uri.slice(target.tree.uri.lastIndexOf('/') + 1);
  if (resource?.kind === 'cluster') return `cluster ${code(resource.name)} in ${code(file)}`;
  const kind = resource?.node.string('kind') ?? '';
  const labels = target.get('labels')?.entries() ?? [];
  const chosen = labels.map(([key, value]) => code(`${key}=${value.asString() ?? ''}`)).join(', ');
  return `${escapeMarkdown(kind)} ${code(resource ? `${namespaceOf(resource.node)}/${resource.name}` : '')} in ${code(file)}${chosen && `: pods with ${chosen}`}`;
}
