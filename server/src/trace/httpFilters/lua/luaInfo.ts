/** What a script may read of the stream, the connection and the route (Envoy: source/extensions/filters/http/lua/wrappers.cc). */
import { formatAddress, joinHostPort } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { hasClientCertificate } from '../../matcher/clientNames';
import { clientAddress, type PeerAddress } from '../../facts/peerAddress';
import type { TerminatedTls } from '../../facts/connection';
import { HTTP_PROTOCOLS } from '../../matcher/cel/celAttributes';
import { words } from '../../record/sentence';
import { stateText } from '../../facts/filterStateObject';
import { setMetadata } from '../metadataWriter';
import { makeHost, type LuaMethod } from '../../lua/luaHost';
import { inAnyOrder } from '../../lua/luaIteration';
import { luaOfMetadata, metadataOfLua } from './luaMetadata';
import { textAt } from '../../lua/luaNative';
import type { ScriptStream } from './scriptStream';
import { isUnknown, listTable, LuaError, LuaStop, unknownButTrue, unknownValue, type LuaHost, type LuaValue } from '../../lua/luaValue';

/** `streamInfo()` */
export function streamInfoHost(stream: ScriptStream): LuaHost {
  const { http, life, call } = stream;
  const { connection } = call.hop;
  const peer = (from: PeerAddress | undefined): readonly LuaValue[] => [
    typeof from !== 'object' || from.port === undefined ? unknownButTrue("the client's address") : joinHostPort(from.ip, from.port),
  ];
  return makeHost(life, {
    protocol: () => [HTTP_PROTOCOLS[http.request.version]],
    routeName: () => [http.route?.string('name') ?? ''],
    virtualClusterName: () => (http.virtualHost?.list('virtual_clusters').length ? [unknownButTrue('the virtual cluster')] : ['']),
    requestedServerName: () => [connection.serverName],
    downstreamLocalAddress: () => [
      connection.destination ? formatAddress(connection.destination) : unknownButTrue("the connection's destination"),
    ],
    downstreamDirectRemoteAddress: () => peer(connection.directSource ?? connection.source),
    downstreamRemoteAddress: () => peer(clientAddress(call.hop)),
    downstreamSslConnection: () => [sslHost(stream, connection.tls)],
    downstreamDirectLocalAddress: () => [unknownButTrue("the connection's own destination")],
    dynamicMetadata: () => [dynamicMetadataHost(stream)],
    dynamicTypedMetadata: () => [unknownValue('typed metadata')],
    filterState: () => [filterStateHost(stream)],
    drainConnectionUponCompletion: () => [],
  });
}

/** `metadata()` of route and virtual host: under the filter's name, else under the name of old. */
export function metadataHost({ call, life }: ScriptStream, holder: ConfigNode | undefined): LuaHost {
  const namespaces = holder?.path('metadata', 'filter_metadata');
  const own = namespaces?.entry(call.name) ?? namespaces?.entry('envoy.filters.http.lua');
  return makeHost(
    life,
    {
      get: (given) => {
        const found = own?.entry(textAt(given, 0));
        return found ? [luaOfMetadata(found.toValue())] : [];
      },
    },
    { entries: (run) => inAnyOrder(own?.entries().map(([key, value]) => [key, luaOfMetadata(value.toValue())] as const) ?? [], run) },
  );
}

function dynamicMetadataHost(stream: ScriptStream): LuaHost {
  const { http } = stream;
  return makeHost(
    stream.life,
    {
      ...metadataReader(http.metadata),
      set: (given) => {
        const [namespace, key] = [certainAt(given, 0), certainAt(given, 1)];
        setMetadata(http, namespace, key, metadataOfLua(given[2] ?? null));
        stream.effects.changes.push({ strings: ['metadata `', '` is set'], values: [words(`${namespace}:${key}`)] });
        return [];
      },
    },
    {
      entries: (run) =>
        inAnyOrder(
          [...http.metadata].map(([key, value]) => [key, luaOfMetadata(value)] as const),
          run,
        ),
    },
  );
}

/** Of the connection: what listener and network filters have written. */
export function connectionInfoHost({ call, life }: ScriptStream): LuaHost {
  const { metadata } = call.hop.connection;
  return makeHost(life, {
    dynamicMetadata: () => [makeHost(life, metadataReader(metadata))],
    dynamicTypedMetadata: () => [unknownValue('typed metadata')],
  });
}

function metadataReader(metadata: ReadonlyMap<string, unknown>): Readonly<Record<string, LuaMethod>> {
  return {
    get: (given) => {
      const namespace = textAt(given, 0);
      return metadata.has(namespace) ? [luaOfMetadata(metadata.get(namespace))] : [];
    },
  };
}

function filterStateHost({ life, http: { filterState }, effects, call }: ScriptStream): LuaHost {
  return makeHost(life, {
    get: (given) => {
      const found = filterState.get(textAt(given, 0));
      if (!found) return [];
      return [found.unknown === true || given.length > 1 ? unknownValue('a value of filter state') : found.value];
    },
    set: (given) => {
      const [key, factory, value] = [certainAt(given, 0), certainAt(given, 1), certainAt(given, 2)];
      if (!factory.startsWith('envoy.')) throw new LuaError(`'${factory}' does not have an object factory`);
      const isFixed = call.hop.connection.filterState.has(key) || filterState.get(key)?.isReadOnly === true;
      const made = stateText(factory, value);
      if (isFixed || made === undefined) throw new LuaStop(`whether filter state ${key} takes another value`);
      filterState.set(key, { value: made, shared: 'none', factory });
      effects.changes.push({ strings: ['filter state `', '` is set'], values: [words(key)] });
      return [];
    },
  });
}

/** nil without TLS. */
export function sslHost({ life }: ScriptStream, tls: TerminatedTls | undefined): LuaHost | null {
  if (!tls) return null;
  const names = tls.hasUnknownPrincipals === true ? unknownButTrue("the names in the client's certificate") : listTable(tls.principals);
  const others = tls.otherNames;
  const known: Record<string, LuaMethod> = {
    peerCertificatePresented: () => [hasClientCertificate(tls)],
    peerCertificateValidated: () => [hasClientCertificate(tls)],
    uriSanPeerCertificate: () => [names],
    ...(others && { dnsSansPeerCertificate: () => [listTable(others.dns)] }),
    ...(others?.subject !== undefined && { subjectPeerCertificate: () => [others.subject ?? ''] }),
  };
  const untold = UNTOLD_OF_TLS.filter((name) => !Object.hasOwn(known, name));
  for (const name of untold) known[name] = () => [unknownButTrue(`what ${name} gives`)];
  return makeHost(life, known);
}

const UNTOLD_OF_TLS: readonly string[] = (
  'uriSanLocalCertificate dnsSansPeerCertificate dnsSansLocalCertificate sha256PeerCertificateDigest serialNumberPeerCertificate issuerPeerCertificate ' +
  'subjectPeerCertificate parsedSubjectPeerCertificate subjectLocalCertificate oidsPeerCertificate oidsLocalCertificate validFromPeerCertificate ' +
  'expirationPeerCertificate sessionId ciphersuiteId ciphersuiteString urlEncodedPemEncodedPeerCertificate urlEncodedPemEncodedPeerCertificateChain tlsVersion'
).split(' ');

/** A text that must be known, as it says what is changed. */
export function certainAt(given: readonly LuaValue[], index: number): string {
  const value = given[index] ?? null;
  if (isUnknown(value)) throw new LuaStop(value.what);
  return textAt(given, index);
}
