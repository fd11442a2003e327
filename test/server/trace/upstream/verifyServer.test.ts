/** The sender compares the names of the server's certificate, where the files show both. */
import { describe, expect, test } from 'vitest';
import { AUTHORITY_PEM, LEAF_PEM } from '../../../support/certificates';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { twoProxies } from '../support/twoProxies';

interface Meeting {
  /** The server's `common_tls_context`, and what the client compares, both in flow style. */
  readonly shows?: string;
  readonly expects?: string;
  /** The client's whole `common_tls_context`. */
  readonly client?: string;
}

const chainOf = (pem: string): string => `tls_certificates: [{certificate_chain: {inline_string: ${JSON.stringify(pem)}}}]`;
const named = (type: string, matcher: string): string => `match_typed_subject_alt_names: [{san_type: ${type}, matcher: {${matcher}}}]`;

const meet = ({ shows = chainOf(AUTHORITY_PEM), expects = '', client = `{validation_context: {${expects}}}` }: Meeting) =>
  onlyPath(
    traceOf(twoProxies({ upstreamTls: `sni: web.shop, common_tls_context: ${client}`, downstreamTls: `common_tls_context: {${shows}}` }), {
      connection: { destination: '10.0.0.1:80', source: '10.9.9.9' },
      http: GET,
    }),
  );
const endOf = (meeting: Meeting): string => meet(meeting).disposition;

describe('the names of the server', () => {
  test.each([
    ['DNS', 'exact: web.shop'],
    ['DNS', 'exact: Web.Shop'],
    ['DNS', 'suffix: .shop'],
    ['DNS', 'exact: mail.shop'],
    ['IP_ADDRESS', 'exact: 10.0.0.1'],
    ['EMAIL', 'exact: ops@shop'],
  ])('fit: %s %s', (type, matcher) => {
    expect(endOf({ expects: named(type, matcher) })).toBe('upstream');
  });

  test.each([
    ['DNS', 'exact: a.mail.shop'],
    ['DNS', 'suffix: .test'],
    ['URI', 'exact: web.shop'],
    ['IP_ADDRESS', 'exact: 10.0.0.2'],
  ])('do not fit: %s %s', (type, matcher) => {
    const path = meet({ expects: named(type, matcher) });
    expect(path.disposition).toBe('tls_error');
    expect(hopOf(path, 1).steps.at(-1)?.decision).toBe('the sender refuses our certificate');
  });

  test('are those of the certificate that the server name selects', () => {
    const both = chainOf(LEAF_PEM).replace(']', `, ${chainOf(AUTHORITY_PEM).slice('tls_certificates: ['.length)}`);
    expect(endOf({ shows: both, expects: named('DNS', 'exact: web.shop') })).toBe('upstream');
  });

  test('are not asked for where nothing compares them', () => {
    expect(endOf({ shows: 'tls_certificates: [{certificate_chain: {inline_string: "[redacted]"}}]' })).toBe('upstream');
  });

  test('are taken to fit where they lie in a file that is not open', () => {
    expect(endOf({ shows: 'tls_certificates: [{certificate_chain: {filename: /c.pem}}]', expects: named('DNS', 'exact: web.test') })).toBe(
      'upstream',
    );
  });
});
