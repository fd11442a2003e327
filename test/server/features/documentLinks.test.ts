import { expect, test } from 'vitest';
import { findDocumentLinks } from '../../../server/src/features/documentLinks';
import { offsetsOf, readFixture, snapshotOf } from '../../support/fixture';

function links(source: string): { text: string; target: string | undefined }[] {
  const fixture = readFixture(source);
  const uri = fixture.files[0]?.uri ?? '';
  return findDocumentLinks(snapshotOf(fixture), uri).map(({ range, target }) => ({ text: offsetsOf(fixture, uri, range).text, target }));
}

const RESOURCE = 'resources:\n- { "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: a }\n';
const BOOTSTRAP = (path: string) => `//- file:///etc/envoy.yaml
dynamic_resources: { cds_config: { path_config_source: { path: ${path} } } }
//- file:///etc/cds.yaml
${RESOURCE}`;

test('a file beside the configuration', () =>
  expect(links(BOOTSTRAP('./cds.yaml'))).toEqual([{ text: './cds.yaml', target: 'file:///etc/cds.yaml' }]));
test('by its whole path', () =>
  expect(links(BOOTSTRAP('/etc/cds.yaml'))).toEqual([{ text: '/etc/cds.yaml', target: 'file:///etc/cds.yaml' }]));
test('a file that nobody knows leads nowhere', () => expect(links(BOOTSTRAP('/var/lds.yaml'))).toEqual([]));
test('a route’s path is no file', () =>
  expect(
    links(
      '//- file:///a.yaml\nvirtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { path: / }, direct_response: { status: 200 } }] }]\n',
    ),
  ).toEqual([]));
