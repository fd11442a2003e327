/** `envoy-lens links`: every reference of the files, and where it leads. */
import type { Location } from '../protocol/trace';
import { istioLinksOf, type IstioLink } from '../features/istio/istioLinks';
import { operatorLinksOf, type OperatorLink } from '../features/operatorReferences';
import { resolvePatchName } from '../features/istio/resolvePatchName';
import { linksOf, spanOfName, type Link } from '../index/links/links';
import type { LinkStatus } from '../index/links/resolveName';
import { locationOf, locationOfSpan } from '../trace/record/locationOf';
import { jsonInPieces } from './jsonInPieces';
import { done, UsageError, type Command } from './commandLine';
import { parseArguments } from './parseArguments';
import { readWhatever } from './readConfiguration';
import { tableInPieces } from './renderTable';
import type { Snapshot } from '../index/snapshot';

export interface PrintedLink {
  kind: string;
  name: string;
  from: Location;
  to: Location[];
  status: LinkStatus;
}

export const linksCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, { '--format': 'value' });
  const format = parsed.choice('--format', ['text', 'json']) ?? 'text';
  if (parsed.files.length === 0) throw new UsageError('links needs at least one file');
  const { snapshot, warning } = await readWhatever(host, parsed.files);
  const links = collectLinks(snapshot);
  return done(format === 'json' ? jsonInPieces(links) : renderLinks(links), warning);
};

/** All links of all documents, in the order of the files; of each what is named in format strings comes last. */
export function collectLinks(snapshot: Snapshot): PrintedLink[] {
  return [...snapshot.documents.keys()].flatMap((uri) => [
    ...istioLinksOf(snapshot, uri).map(printIstioLink),
    ...linksOf(snapshot, uri).map((link) => printLink(snapshot, link)),
    ...operatorLinksOf(snapshot, uri).map(printOperatorLink),
  ]);
}

function printIstioLink({ node, kind, name, status, targets }: IstioLink): PrintedLink {
  return { kind, name, from: locationOf(node), to: targets.map(locationOf), status };
}

function printLink(snapshot: Snapshot, { kind, name, place, ...own }: Link): PrintedLink {
  const { tree } = place.resource.node;
  const isPatch = place.part.kind === 'istio' && own.targets.length === 0 && own.status !== 'external';
  const { status, targets } = isPatch ? resolvePatchName(snapshot, place) : { ...own, targets: own.targets.map(({ node }) => node) };
  return { kind, name, from: locationOfSpan(tree, place.node, spanOfName(place)), to: targets.map(locationOf), status };
}

function printOperatorLink({ mention: { tree, node, span, kind, name }, targets }: OperatorLink): PrintedLink {
  const status = targets.length > 0 ? 'resolved' : 'unchecked';
  return { kind, name, from: locationOfSpan(tree, node, span), to: targets.map(locationOf), status };
}

function renderLinks(links: readonly PrintedLink[]): Iterable<string> {
  const rows = links.map(({ kind, name, from, to, status }) => [
    `${from.uri}:${from.line}:${from.column}`,
    kind,
    name,
    status === 'resolved' ? to.map((each) => `${each.uri}:${each.line}`).join(', ') : status,
  ]);
  return tableInPieces(['FROM', 'KIND', 'NAME', 'TO'], rows);
}
