/** Messages of the Kubernetes Gateway API, which has no protobuf descriptors; the notation of a field is in overlay.ts. */
import type { Fields } from './messageDescription';

/** gateway.networking.k8s.io, v1 and what older versions have besides (sigs.k8s.io/gateway-api, apis/). */
const api = 'gateway.networking.k8s.io.v1';

const objectName = { group: 'string', kind: 'string', name: 'string' } satisfies Fields;
const objectReference = { ...objectName, namespace: 'string' } satisfies Fields;
const backendObject = { ...objectReference, port: 'int32' } satisfies Fields;
const backend = { ...backendObject, weight: 'int32' } satisfies Fields;
const parentRefs = { parentRefs: `repeated ${api}.ParentReference`, useDefaultGateways: `${api}.GatewayDefaultScope` } satisfies Fields;
const plainRule = { name: 'string', backendRefs: `repeated ${api}.BackendRef` } satisfies Fields;
const listener = {
  name: 'string',
  hostname: 'string',
  port: 'int32',
  protocol: `${api}.ProtocolType`,
  tls: `${api}.ListenerTLSConfig`,
  allowedRoutes: `${api}.AllowedRoutes`,
} satisfies Fields;
const selectedNamespaces = { from: `${api}.FromNamespaces`, selector: `${api}.LabelSelector` } satisfies Fields;
const headerMatch = { name: 'string', type: `${api}.HeaderMatchType`, value: 'string' } satisfies Fields;
const routeFilter = {
  type: `${api}.HTTPRouteFilterType`,
  requestHeaderModifier: `${api}.HTTPHeaderFilter`,
  responseHeaderModifier: `${api}.HTTPHeaderFilter`,
  requestMirror: `${api}.HTTPRequestMirrorFilter`,
  extensionRef: `${api}.LocalObjectReference`,
} satisfies Fields;

const messages: Readonly<Record<string, Fields>> = {
  GatewayClassSpec: { controllerName: 'string', description: 'string', parametersRef: `${api}.ParametersReference` },
  GatewaySpec: {
    gatewayClassName: 'string',
    listeners: `repeated ${api}.Listener`,
    addresses: `repeated ${api}.GatewaySpecAddress`,
    infrastructure: `${api}.GatewayInfrastructure`,
    allowedListeners: `${api}.AllowedListeners`,
    tls: `${api}.GatewayTLSConfig`,
    defaultScope: `${api}.GatewayDefaultScope`,
  },
  Listener: listener,
  ListenerSetSpec: { parentRef: `${api}.ParentGatewayReference`, listeners: `repeated ${api}.ListenerEntry` },
  ListenerEntry: listener,
  ListenerTLSConfig: {
    mode: `${api}.TLSModeType`,
    certificateRefs: `repeated ${api}.SecretObjectReference`,
    options: 'map<string, string>',
  },
  AllowedListeners: { namespaces: `${api}.ListenerNamespaces` },
  AllowedRoutes: { namespaces: `${api}.RouteNamespaces`, kinds: `repeated ${api}.RouteGroupKind` },
  ListenerNamespaces: selectedNamespaces,
  RouteNamespaces: selectedNamespaces,
  RouteGroupKind: { group: 'string', kind: 'string' },
  LabelSelector: { matchLabels: 'map<string, string>', matchExpressions: `repeated ${api}.LabelSelectorRequirement` },
  LabelSelectorRequirement: { key: 'string', operator: `${api}.LabelSelectorOperator`, values: 'repeated string' },
  GatewaySpecAddress: { type: `${api}.AddressType`, value: 'string' },
  GatewayInfrastructure: {
    labels: 'map<string, string>',
    annotations: 'map<string, string>',
    parametersRef: `${api}.LocalParametersReference`,
  },
  GatewayTLSConfig: { backend: `${api}.GatewayBackendTLS`, frontend: `${api}.FrontendTLSConfig` },
  GatewayBackendTLS: { clientCertificateRef: `${api}.SecretObjectReference` },
  FrontendTLSConfig: { default: `${api}.TLSConfig`, perPort: `repeated ${api}.TLSPortConfig` },
  TLSPortConfig: { port: 'int32', tls: `${api}.TLSConfig` },
  TLSConfig: { validation: `${api}.FrontendTLSValidation` },
  FrontendTLSValidation: { caCertificateRefs: `repeated ${api}.ObjectReference`, mode: `${api}.FrontendValidationModeType` },

  HTTPRouteSpec: { ...parentRefs, hostnames: 'repeated string', rules: `repeated ${api}.HTTPRouteRule` },
  HTTPRouteRule: {
    name: 'string',
    matches: `repeated ${api}.HTTPRouteMatch`,
    filters: `repeated ${api}.HTTPRouteFilter`,
    backendRefs: `repeated ${api}.HTTPBackendRef`,
    timeouts: `${api}.HTTPRouteTimeouts`,
    retry: `${api}.HTTPRouteRetry`,
    sessionPersistence: `${api}.SessionPersistence`,
  },
  HTTPRouteMatch: {
    path: `${api}.HTTPPathMatch`,
    headers: `repeated ${api}.HTTPHeaderMatch`,
    queryParams: `repeated ${api}.HTTPQueryParamMatch`,
    method: `${api}.HTTPMethod`,
  },
  HTTPPathMatch: { type: `${api}.PathMatchType`, value: 'string' },
  HTTPHeaderMatch: headerMatch,
  HTTPQueryParamMatch: headerMatch,
  HTTPBackendRef: { ...backend, filters: `repeated ${api}.HTTPRouteFilter` },
  HTTPRouteTimeouts: { request: 'string', backendRequest: 'string' },
  HTTPRouteRetry: { codes: 'repeated int32', attempts: 'int32', backoff: 'string' },
  HTTPRouteFilter: {
    ...routeFilter,
    requestRedirect: `${api}.HTTPRequestRedirectFilter`,
    urlRewrite: `${api}.HTTPURLRewriteFilter`,
    cors: `${api}.HTTPCORSFilter`,
    externalAuth: `${api}.HTTPExternalAuthFilter`,
  },
  HTTPHeaderFilter: { set: `repeated ${api}.HTTPHeader`, add: `repeated ${api}.HTTPHeader`, remove: 'repeated string' },
  HTTPHeader: { name: 'string', value: 'string' },
  HTTPRequestMirrorFilter: { backendRef: `${api}.BackendObjectReference`, percent: 'int32', fraction: `${api}.Fraction` },
  Fraction: { numerator: 'int32', denominator: 'int32' },
  HTTPRequestRedirectFilter: {
    scheme: `${api}.RedirectScheme`,
    hostname: 'string',
    path: `${api}.HTTPPathModifier`,
    port: 'int32',
    statusCode: 'int32',
  },
  HTTPURLRewriteFilter: { hostname: 'string', path: `${api}.HTTPPathModifier` },
  HTTPPathModifier: { type: `${api}.HTTPPathModifierType`, replaceFullPath: 'string', replacePrefixMatch: 'string' },
  HTTPCORSFilter: {
    allowOrigins: 'repeated string',
    allowCredentials: 'bool',
    allowMethods: 'repeated string',
    allowHeaders: 'repeated string',
    exposeHeaders: 'repeated string',
    maxAge: 'int32',
  },
  HTTPExternalAuthFilter: {
    protocol: `${api}.HTTPRouteExternalAuthProtocol`,
    backendRef: `${api}.BackendObjectReference`,
    grpc: `${api}.GRPCAuthConfig`,
    http: `${api}.HTTPAuthConfig`,
    forwardBody: `${api}.ForwardBodyConfig`,
  },
  GRPCAuthConfig: { allowedHeaders: 'repeated string' },
  HTTPAuthConfig: { path: 'string', allowedHeaders: 'repeated string', allowedResponseHeaders: 'repeated string' },
  ForwardBodyConfig: { maxSize: 'int32' },
  SessionPersistence: {
    sessionName: 'string',
    absoluteTimeout: 'string',
    idleTimeout: 'string',
    type: `${api}.SessionPersistenceType`,
    cookieConfig: `${api}.CookieConfig`,
  },
  CookieConfig: { lifetimeType: `${api}.CookieLifetimeType` },

  GRPCRouteSpec: { ...parentRefs, hostnames: 'repeated string', rules: `repeated ${api}.GRPCRouteRule` },
  GRPCRouteRule: {
    name: 'string',
    matches: `repeated ${api}.GRPCRouteMatch`,
    filters: `repeated ${api}.GRPCRouteFilter`,
    backendRefs: `repeated ${api}.GRPCBackendRef`,
    sessionPersistence: `${api}.SessionPersistence`,
  },
  GRPCRouteMatch: { method: `${api}.GRPCMethodMatch`, headers: `repeated ${api}.GRPCHeaderMatch` },
  GRPCMethodMatch: { type: `${api}.HeaderMatchType`, service: 'string', method: 'string' },
  GRPCHeaderMatch: headerMatch,
  GRPCBackendRef: { ...backend, filters: `repeated ${api}.GRPCRouteFilter` },
  GRPCRouteFilter: { ...routeFilter, type: `${api}.GRPCRouteFilterType` },

  TCPRouteSpec: { ...parentRefs, rules: `repeated ${api}.TCPRouteRule` },
  TCPRouteRule: plainRule,
  UDPRouteSpec: { ...parentRefs, rules: `repeated ${api}.UDPRouteRule` },
  UDPRouteRule: plainRule,
  TLSRouteSpec: { ...parentRefs, hostnames: 'repeated string', rules: `repeated ${api}.TLSRouteRule` },
  TLSRouteRule: plainRule,

  ReferenceGrantSpec: { from: `repeated ${api}.ReferenceGrantFrom`, to: `repeated ${api}.ReferenceGrantTo` },
  ReferenceGrantFrom: { group: 'string', kind: 'string', namespace: 'string' },
  ReferenceGrantTo: objectName,
  BackendTLSPolicySpec: {
    targetRefs: `repeated ${api}.LocalPolicyTargetReferenceWithSectionName`,
    validation: `${api}.BackendTLSPolicyValidation`,
    options: 'map<string, string>',
  },
  BackendTLSPolicyValidation: {
    hostname: 'string',
    caCertificateRefs: `repeated ${api}.LocalObjectReference`,
    wellKnownCACertificates: `${api}.WellKnownCACertificatesType`,
    subjectAltNames: `repeated ${api}.SubjectAltName`,
  },
  SubjectAltName: { type: `${api}.SubjectAltNameType`, hostname: 'string', uri: 'string' },

  ParentReference: { ...objectReference, sectionName: 'string', port: 'int32' },
  ParentGatewayReference: objectReference,
  BackendObjectReference: backendObject,
  BackendRef: backend,
  SecretObjectReference: objectReference,
  ObjectReference: objectReference,
  ParametersReference: objectReference,
  LocalObjectReference: objectName,
  LocalParametersReference: objectName,
  LocalPolicyTargetReferenceWithSectionName: { ...objectName, sectionName: 'string' },
};

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const filterTypes = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'ExtensionRef'];
const enums: Readonly<Record<string, readonly string[]>> = {
  AddressType: ['IPAddress', 'Hostname', 'NamedAddress'],
  CookieLifetimeType: ['Permanent', 'Session'],
  FromNamespaces: ['All', 'Selector', 'Same', 'None'],
  FrontendValidationModeType: ['AllowValidOnly', 'AllowInsecureFallback'],
  GRPCRouteFilterType: filterTypes,
  GatewayDefaultScope: ['All', 'None'],
  HTTPMethod: methods,
  HTTPPathModifierType: ['ReplaceFullPath', 'ReplacePrefixMatch'],
  HTTPRouteExternalAuthProtocol: ['HTTP', 'GRPC'],
  HTTPRouteFilterType: [...filterTypes, 'RequestRedirect', 'URLRewrite', 'CORS', 'ExternalAuth'],
  HeaderMatchType: ['Exact', 'RegularExpression'],
  LabelSelectorOperator: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  PathMatchType: ['Exact', 'PathPrefix', 'RegularExpression'],
  ProtocolType: ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP', 'HBONE'],
  RedirectScheme: ['http', 'https'],
  SessionPersistenceType: ['Cookie', 'Header'],
  SubjectAltNameType: ['Hostname', 'URI'],
  TLSModeType: ['Terminate', 'Passthrough'],
  WellKnownCACertificatesType: ['System'],
};

/** By full name: `gateway.networking.k8s.io.v1.HTTPRouteSpec`. All versions share the newest one's messages. */
export const gatewayApiMessages: Readonly<Record<string, Fields>> = inPackage(messages);

/** By full name; controllers may take further values of some. */
export const gatewayApiEnums: Readonly<Record<string, readonly string[]>> = inPackage(enums);

function inPackage<Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${api}.${name}`, value]));
}
