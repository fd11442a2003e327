/** Whether a policy fits a connection (istio/ztunnel: src/rbac.rs). */
import { canonicalIp, cidrContains, makeCidr } from '../../model/address';
import type { ZtunnelPolicy } from '../../model/ztunnel/ztunnelModel';
import type { ConfigNode } from '../../schema/configNode';
import { say, words } from '../record/sentence';
import { allOf, anyOf, no, unknown, YES, type Verdict } from '../verdict';

/** What policies see. */
export interface PolicyConnection {
  /** undefined: the request does not tell. */
  readonly sourceIp: string | undefined;
  readonly destination: { readonly ip: string; readonly port: number };
  /** undefined: plain text, no identity; `unknown`: a certificate whose names nobody told. */
  readonly identity: string | undefined | { readonly kind: 'unknown' };
}

/** Any rule; without rules nothing matches. */
export function matchPolicy(policy: ZtunnelPolicy, connection: PolicyConnection): Verdict {
  if (policy.rules.length === 0) return no(words('it has no rules, so that it never matches'), policy.node);
  return anyOf(policy.rules, (rule) => allOf(rule, (clause) => matchesClause(clause, connection)));
}

/** An empty clause holds; empty matches in it are passed over. */
function matchesClause(clause: readonly ConfigNode[], connection: PolicyConnection): Verdict {
  if (clause.length === 0) return YES;
  const filled = clause.filter((match) => match.entries().some(([, value]) => value.items().length > 0));
  return filled.length === 0 ? no(words('its clause is empty'), clause[0]) : anyOf(filled, (match) => matchesAll(match, connection));
}

interface Kind {
  readonly field: string;
  readonly negated: string;
  readonly what: string;
  readonly test: (item: ConfigNode, connection: PolicyConnection) => boolean | undefined;
  readonly actual: (connection: PolicyConnection) => string | undefined;
}

const KINDS: readonly Kind[] = [
  {
    field: 'destinationIps',
    negated: 'notDestinationIps',
    what: 'destination IP',
    test: (item, { destination }) => inRange(item, destination.ip),
    actual: ({ destination }) => destination.ip,
  },
  {
    field: 'sourceIps',
    negated: 'notSourceIps',
    what: 'source IP',
    test: (item, { sourceIp }) => (sourceIp === undefined ? undefined : inRange(item, sourceIp)),
    actual: ({ sourceIp }) => sourceIp,
  },
  {
    field: 'destinationPorts',
    negated: 'notDestinationPorts',
    what: 'destination port',
    test: (item, { destination }) => item.asNumber() === destination.port,
    actual: ({ destination }) => String(destination.port),
  },
  {
    field: 'serviceAccounts',
    negated: 'notServiceAccounts',
    what: 'service account',
    test: (item, connection) => withIdentity(connection, (identity) => isServiceAccount(item, identity)),
    actual: identityText,
  },
  {
    field: 'principals',
    negated: 'notPrincipals',
    what: 'principal',
    test: (item, connection) => withIdentity(connection, (identity) => isPrincipal(item, identity)),
    actual: identityText,
  },
  {
    field: 'namespaces',
    negated: 'notNamespaces',
    what: 'namespace',
    test: (item, connection) => withIdentity(connection, (identity) => matchesText(item, namespaceOf(identity))),
    actual: identityText,
  },
];

/** All kinds; within a kind any, and none of the `not` ones. */
function matchesAll(match: ConfigNode, connection: PolicyConnection): Verdict {
  return allOf(KINDS, (kind) => allOf([false, true], (isNegated) => matchesKind(match, kind, { isNegated, connection })));
}

function matchesKind(
  match: ConfigNode,
  { field, negated, what, test, actual }: Kind,
  { isNegated, connection }: { isNegated: boolean; connection: PolicyConnection },
): Verdict {
  const list = match.get(isNegated ? negated : field);
  const items = list?.items() ?? [];
  if (!list || items.length === 0) return YES;
  const answers = items.map((item) => test(item, connection));
  const hit = answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
  if (hit === undefined) return unknown(say`the ${words(what)} of the connection`, list);
  if (hit !== isNegated) return YES;
  const value = actual(connection);
  const is = value === undefined ? say`the connection has no ${words(what)}` : say`the ${words(what)} is ${value}`;
  return no(isNegated ? say`${is}, which ${words(negated)} excludes` : say`${is}, must be one of ${items.map(itemText)}`, list);
}

function itemText(item: ConfigNode): string {
  const plain = item.asString();
  if (plain !== undefined) return plain;
  const [[kind, value] = ['', undefined]] = item.entries();
  if (item.has('serviceAccount')) return `${item.string('namespace')}/${item.string('serviceAccount')}`;
  const text = value?.asString() ?? '';
  return kind === 'Prefix' ? `${text}*` : kind === 'Suffix' ? `*${text}` : kind === 'Presence' ? '*' : text;
}

function identityText({ identity }: PolicyConnection): string | undefined {
  return typeof identity === 'string' ? identity : undefined;
}

/** '' for no identity at all; undefined where it is not known. */
function withIdentity({ identity }: PolicyConnection, test: (identity: string) => boolean): boolean | undefined {
  return typeof identity === 'object' ? undefined : test(identity ?? '');
}

function inRange(item: ConfigNode, ip: string): boolean {
  const [address = '', bits] = (item.asString() ?? '').split('/');
  const start = canonicalIp(address);
  if (start === undefined) return false;
  return cidrContains(makeCidr(start, bits === undefined ? (start.includes(':') ? 128 : 32) : Number(bits)), ip);
}

/** ztunnel passes over names of other forms (src/identity/manager.rs). */
export function isIdentity(name: string): boolean {
  return SPIFFE.test(name);
}

const SPIFFE = /^spiffe:\/\/[^/]*\/ns\/([^/]*)\/sa\/([^/]*)$/;

function namespaceOf(identity: string): string {
  return SPIFFE.exec(identity)?.[1] ?? '';
}

function isServiceAccount(item: ConfigNode, identity: string): boolean {
  const match = SPIFFE.exec(identity);
  return match !== null && match[1] === item.string('namespace') && match[2] === item.string('serviceAccount');
}

/** Compared without `spiffe://`; without identity nothing matches. */
function isPrincipal(item: ConfigNode, identity: string): boolean {
  return identity.startsWith('spiffe://') && matchesText(item, identity.slice('spiffe://'.length));
}

/** `{"Exact": "x"}`, `{"Prefix": …}`, `{"Suffix": …}`, `{"Presence": []}` as Rust writes them. */
function matchesText(item: ConfigNode, text: string): boolean {
  const [[kind, value] = ['', undefined]] = item.entries();
  const wanted = value?.asString() ?? '';
  switch (kind.toLowerCase()) {
    case 'exact':
      return text === wanted;
    case 'prefix':
      return text.startsWith(wanted);
    case 'suffix':
      return text.endsWith(wanted);
    case 'presence':
      return text !== '';
    default:
      return item.asString() === text;
  }
}
