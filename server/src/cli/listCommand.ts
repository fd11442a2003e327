/** `envoy-lens list`: listeners, chains, routes, clusters, endpoints and secrets, of a ztunnel workloads, services and policies, as tables or JSON. */
import type { ProxyScope } from '../index/proxyScope';
import { shortProxy } from '../model/summary/shortProxy';
import { done, UsageError, type Command } from './commandLine';
import { LISTINGS, listingsOf, type ListingName } from './listings';
import { parseArguments } from './parseArguments';
import { readConfiguration } from './readConfiguration';
import { renderTable } from './renderTable';

const NAMES = Object.keys(LISTINGS) as ListingName[];

export const listCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, { '--format': 'value' });
  const format = parsed.choice('--format', ['table', 'json']) ?? 'table';
  const wanted = NAMES.filter((name) => parsed.files.includes(name));
  const files = parsed.files.filter((file) => !NAMES.some((name) => name === file));
  if (files.length === 0) throw new UsageError('list needs at least one file');
  const {
    snapshot: { proxies },
    warning,
  } = await readConfiguration(host, files);
  const namesOf = (proxy: ProxyScope) => (wanted.length > 0 ? wanted : listingsOf(proxy));
  return done(
    format === 'json' ? printJson(proxies, namesOf) : proxies.map((proxy) => printTables(proxy, namesOf(proxy))).join('\n'),
    warning,
  );
};

/** One object a proxy: `{proxy, listeners: [{name, …}], …}`. */
function printJson(proxies: readonly ProxyScope[], namesOf: (proxy: ProxyScope) => readonly ListingName[]): string {
  const printed = proxies.map((proxy) => ({
    proxy: proxy.id,
    files: proxy.uris,
    ...Object.fromEntries(
      namesOf(proxy).map((name) => {
        const { head, rows } = LISTINGS[name](proxy);
        return [name, rows.map((row) => Object.fromEntries(head.map((column, index) => [column, row[index] ?? ''])))];
      }),
    ),
  }));
  return `${JSON.stringify(printed, null, 2)}\n`;
}

function printTables(proxy: ProxyScope, names: readonly ListingName[]): string {
  const title = `${shortProxy(proxy.id)}  (${proxy.uris.join(', ')})\n`;
  const tables = names.flatMap((name) => {
    const { head, rows } = LISTINGS[name](proxy);
    if (rows.length === 0) return [];
    return [
      `\n${name.toUpperCase()}\n${renderTable(
        head.map((column) => column.toUpperCase()),
        rows,
      )}`,
    ];
  });
  return `${title}${tables.join('') || '\nnothing of that kind\n'}`;
}
