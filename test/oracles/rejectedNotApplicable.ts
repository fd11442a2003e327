/** Refusals that depend on how Envoy was built, on the machine it runs on, or on what the recorded piece leaves out, each with the reason. Counted apart. */

const OTHER_LISTENER = 'the other listener with the same address is not part of the recorded configuration';
const WINDOWS = 'only Envoy on Windows refuses it';

export const notApplicable: ReadonlyMap<string, string> = new Map([
  ['ListenerManagerImplWithRealFiltersTest.DuplicatePortNotAllowed', OTHER_LISTENER],
  ['ListenerManagerImplWithRealFiltersTest.MultipleAddressesDuplicatePortNotAllowed', OTHER_LISTENER],
  ['ListenerManagerImplTest.DuplicateAddressDontBind', OTHER_LISTENER],
  [
    'ListenerManagerImplTest.RejectTcpOptionsWithInternalListenerConfig',
    'the socket option that is refused is set by the test and is not part of the recorded configuration',
  ],
  ['ListenerManagerImplWithRealFiltersTest.OriginalDstFilterWin32NoTrafficDirection', WINDOWS],
  ['ClusterManagerImplTest.LocalInterfaceNameForUpstreamConnectionThrowsInWin32', WINDOWS],
  ['ListenerManagerImplWithRealFiltersTest.MptcpNotSupported', 'only an operating system without multipath TCP refuses it'],
  ['RouteMatcherTest.ShadowClusterNotFound', 'a route configuration by itself does not tell which clusters there are'],
  ['ScopedRdsTest.InvalidDuplicateResourceSotw', 'the other scope of the same name is not part of the recorded configuration'],
  [
    'ClusterManagerImplTest.CheckActiveStaticCluster',
    'the gRPC service that names the missing cluster is not part of the recorded configuration',
  ],
]);
