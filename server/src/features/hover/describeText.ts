/** Hover of names that Istio makes, wherever they stand in a text: clusters, SPIFFE ids, secrets, paths of its own resources. */
import { explainServiceName } from '../../model/istio/explainIstioName';
import {
  explainSecretName,
  parseIstioConfigPath,
  parseSpiffeId,
  readIstioWorkload,
  parseIstioPolicyName,
} from '../../model/istio/istioNames';
import type { ConfigNode } from '../../schema/configNode';
import { code, escapeMarkdown } from '../writing/markdown';

/** Longer texts (Lua, Wasm) are not searched. */
const MAX_LENGTH = 20_000;

const NAMES =
  /spiffe:\/\/[^\s"'`,;|&~]+|(?:inbound|outbound)(?:-vip|-pod)?\|\d*\|[^|\s"']*\|[^|\s"',;]*|(?:inbound|outbound)_\.\d*_\.[^_\s]*_\.[^\s"',;]+|\/apis\/[^\s"',;]+/g;

/** The name around `offset` of a decoded text, in words; where none stands there, what the whole text names. */
export function describeTextAt(text: string, offset: number): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  for (const { 0: name, index } of text.matchAll(NAMES))
    if (index <= offset && offset <= index + name.length) return describeIstioName(name);
  return undefined;
}

/** The name of an Istio resource that no file of the workspace has: of a path or of a generated policy. */
export function describeMissingResource(name: string): string {
  const made = parseIstioPolicyName(name);
  if (made)
    return `**AuthorizationPolicy** ${code(`${made.namespace}/${made.policy}`)}\n\nIts rule number ${made.rule} (counted from 0) became this policy. Its file is not in the workspace.`;
  return describeIstioName(name) ?? `**Istio resource** ${code(name)}\n\nIts file is not in the workspace.`;
}

/** A name by itself; undefined where Istio did not make it. */
export function describeIstioName(name: string): string | undefined {
  const spiffe = name.startsWith('spiffe://') ? parseSpiffeId(name) : undefined;
  if (spiffe)
    return `**SPIFFE id** ${code(name)}\n\nService account ${code(spiffe.serviceAccount)} in namespace ${code(spiffe.namespace)}, trust domain ${code(spiffe.trustDomain)}`;
  const path = parseIstioConfigPath(name);
  if (path)
    return `**${escapeMarkdown(path.kind)}** ${code(`${path.namespace}/${path.name}`)}\n\nAn Istio resource; its file is not in the workspace.`;
  const cluster = explainServiceName(name);
  return cluster === undefined ? undefined : `**Istio cluster name** ${code(name)}\n\n${escapeMarkdown(cluster)}`;
}

/** The name of a secret that is not in the files. */
export function describeSecretName(name: string): string | undefined {
  const words = explainSecretName(name);
  return words === undefined ? undefined : escapeMarkdown(words);
}

/** What Istio writes into an endpoint's metadata of the workload behind it. */
export function describeWorkload({ tree, id }: ConfigNode, text: string): string | undefined {
  if (tree.key(id) !== 'workload' || tree.key(tree.parent(id)) !== 'istio' || text.split(';').length !== 5) return undefined;
  const { name, namespace, service, revision, cluster } = readIstioWorkload(text);
  const details = [
    ['canonical service', service],
    ['revision', revision],
    ['cluster', cluster],
  ].flatMap(([what = '', value = '']) => (value === '' ? [] : [`${what} ${code(value)}`]));
  return [`**Workload** ${code(`${namespace}/${name}`)}`, details.join(' · ')].filter(Boolean).join('\n\n');
}
