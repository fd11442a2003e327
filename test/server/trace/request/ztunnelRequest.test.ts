/** "Trace from here" in a ztunnel's dump: which client asks. */
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { impliedRequest } from '../../../../server/src/trace/request/impliedRequest';

interface Pod {
  readonly namespace?: string;
  readonly network?: string;
  readonly protocol?: string;
  readonly node?: string;
}

const pod = (ip: string, { namespace = 'a', network = '', protocol = 'HBONE', node = 'n1' }: Pod = {}): object => ({
  uid: `c//Pod/${namespace}/${ip}`,
  name: ip,
  namespace,
  network,
  protocol,
  node,
  workloadIps: [ip],
  status: 'Healthy',
});

/** Asked at the service, or at the workload of that address. */
function asked(ip: string, workloads: readonly object[], more: object = {}): [client: string | undefined, destination: string | undefined] {
  const vips = ['east/10.96.1.1', 'west/10.96.2.1'];
  const web = { name: 'web', namespace: 'a', hostname: 'web.a', vips, ports: { 80: 8080 }, endpoints: {} };
  const text = JSON.stringify({ workloads, services: [web], policies: [], ...more });
  const snapshot = buildSnapshot([{ uri: 'z.json', text }]);
  const at = ip === 'web' ? text.indexOf('"web"') : text.indexOf(`"workloadIps":["${ip}"`);
  const { source, destination } = impliedRequest(snapshot, 'z.json', at)?.request.connection ?? {};
  return [source, destination];
}

test('one of the target’s own network, before one of its namespace', () => {
  const pods = [
    pod('10.1.0.1', { network: 'west' }),
    pod('10.2.0.1', { network: 'east' }),
    pod('10.2.0.2', { network: 'east', namespace: 'b' }),
  ];
  expect(asked('10.2.0.1', pods)).toEqual(['10.2.0.2', '10.2.0.1:80']);
  expect(asked('10.1.0.1', pods)[0]).toBe('10.1.0.1');
});

test('one that the ztunnel serves, and the address of the service in its network', () => {
  const pods = [
    pod('10.1.0.1', { network: 'east' }),
    pod('10.1.0.2', { network: 'west', node: 'n2' }),
    pod('10.1.0.3', { network: 'west', protocol: 'TCP' }),
    pod('10.1.0.4', { network: 'west' }),
  ];
  const config = { config: { localNode: 'n1', network: 'west' } };
  expect(asked('web', pods, config)).toEqual(['10.1.0.4', '10.96.2.1:80']);
  expect(asked('10.1.0.1', pods, config)[0]).toBe('10.1.0.4');
});
