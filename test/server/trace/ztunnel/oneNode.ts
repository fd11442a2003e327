/** The dump of a ztunnel with one workload that sends, `client` at 10.1.0.1; a test adds whom it sends to. */
import type { TracePath } from '../../../../server/src/protocol/trace';
import { onlyPath, tcp, traceOf } from '../support/traceOf';

const NODE = 'node-a';

/** A workload of the node that takes HBONE, without an address. */
export const workload = (name: string, more: object = {}): object => ({
  uid: `cluster//Pod/n/${name}`,
  name,
  namespace: 'n',
  serviceAccount: name,
  trustDomain: 'cluster.local',
  workloadIps: [],
  hostname: '',
  protocol: 'HBONE',
  node: NODE,
  network: 'east',
  status: 'Healthy',
  ...more,
});

/** A service whose only endpoint is the workload of its name, at the service's own port. */
export const service = (name: string, vip: string, port: number, more: object = {}): object => ({
  name,
  namespace: 'n',
  hostname: `${name}.n.svc.cluster.local`,
  vips: [`east/${vip}`],
  ports: { [port]: port },
  endpoints: { [`cluster//Pod/n/${name}`]: { workloadUid: `cluster//Pod/n/${name}`, port: { [port]: port } } },
  ...more,
});

export const CLIENT = workload('client', { workloadIps: ['10.1.0.1'] });

/** The one path of the client's connection to 10.96.0.1:80. */
export const pathOf = (workloads: readonly object[], services: readonly object[]): TracePath =>
  pathThrough({ config: { localNode: NODE, network: 'east' }, policies: [], workloads: [CLIENT, ...workloads], services });

/** The same through any dump, such as a list of workloads alone. */
export const pathThrough = (dump: object): TracePath =>
  onlyPath(traceOf({ 'ztunnel.json': JSON.stringify(dump) }, tcp('10.96.0.1:80', { source: '10.1.0.1:4000' })));
