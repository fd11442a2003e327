/** A client certificate that an open file holds: all of its names are known to the next proxy, be there a URI among them or not. */
import { describe, expect, test } from 'vitest';
import { AUTHORITY_PEM, LEAF_PEM } from '../../../support/certificates';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { twoProxies } from '../support/twoProxies';

const RBAC = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';

/** A filter that lets pass whoever has the principal. */
const rbacOf = (principal: string): string =>
  `{name: rbac, typed_config: {'@type': ${RBAC}, rules: {policies: {p: {permissions: [{any: true}], principals: [{authenticated: {principal_name: ${principal}}}]}}}}}, `;

interface Meeting {
  readonly pem: string;
  readonly principal?: string;
  readonly validation?: string;
}

const meet = ({ pem, principal, validation = '' }: Meeting) =>
  onlyPath(
    traceOf(
      twoProxies({
        upstreamTls: `common_tls_context: {tls_certificates: [{certificate_chain: {inline_string: ${JSON.stringify(pem)}}}]}`,
        downstreamTls: `require_client_certificate: true, common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}${validation}}}`,
        ...(principal !== undefined && { serverFilters: rbacOf(principal) }),
      }),
      { connection: { destination: '10.0.0.1:80', source: '10.9.9.9' }, http: GET },
    ),
  );

describe('names in a client certificate of another proxy', () => {
  test('without a URI it is a certificate all the same', () => {
    expect(meet({ pem: AUTHORITY_PEM }).disposition).toBe('upstream');
  });

  test('DNS names decide who may pass', () => {
    expect(meet({ pem: AUTHORITY_PEM, principal: '{exact: web.shop}' }).disposition).toBe('upstream');
    expect(meet({ pem: LEAF_PEM, principal: '{exact: web.shop}' }).disposition).toBe('denied');
    expect(meet({ pem: LEAF_PEM, principal: '{prefix: "spiffe://cluster.local/"}' }).disposition).toBe('upstream');
  });

  test('DNS names decide whom the chain accepts', () => {
    const validation = (type: string, name: string): string =>
      `, match_typed_subject_alt_names: [{san_type: ${type}, matcher: {exact: ${name}}}]`;
    expect(meet({ pem: AUTHORITY_PEM, validation: validation('DNS', 'web.shop') }).disposition).toBe('upstream');
    expect(meet({ pem: AUTHORITY_PEM, validation: validation('EMAIL', 'ops@shop') }).disposition).toBe('upstream');
    const refused = meet({ pem: LEAF_PEM, validation: validation('DNS', 'web.shop') });
    expect(refused.disposition).toBe('tls_error');
    expect(hopOf(refused, 1).listener).toBe('out');
  });
});
