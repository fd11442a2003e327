/** Builds the world: a namespace a place, each behind a router, with the interception rules of real pods. Runs in an own namespace, which is the router and the outside. */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ENVOY_GROUP } from '../../envoyNetwork';
import { PLACES, type MeshPlace } from './meshPlaces';

/** How a command is run in a place. */
export type Enter = readonly string[];

const ROUTER = '169.254.1.1';
const ROUTER6 = 'fd00:ffff::1';

/** The namespaces by place; the reason as text where they cannot be made. */
export async function prepareMeshNetwork(): Promise<ReadonlyMap<string, Enter> | string> {
  if (process.env['ENVOY_LENS_NETWORK'] !== 'own') return 'needs Linux and root: every pod has a network namespace of its own';
  try {
    prepareRouter();
    const made = new Map<string, Enter>();
    for (const place of Object.values(PLACES)) made.set(place.name, await makePlace(place));
    return made;
  } catch (error) {
    return `the network namespaces cannot be prepared: ${String(error)}`;
  }
}

/** Addresses without a place are the router's own: clients come from any of them, and the internet is there. */
function prepareRouter(): void {
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'route', 'add', 'local', 'default', 'dev', 'lo');
  // Not in the table of local addresses, which is looked into first.
  run('ip', '-6', 'route', 'add', 'local', 'default', 'dev', 'lo', 'table', 'main');
  allow('ipv4/ip_nonlocal_bind', 'ipv4/ip_forward', 'ipv6/ip_nonlocal_bind', 'ipv6/conf/all/forwarding');
  writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '42000 60999');
}

async function makePlace({ name, kind, ips, ip6 }: MeshPlace): Promise<Enter> {
  process.setMaxListeners(0);
  const holder = spawn('unshare', ['--net', '--', 'sleep', 'infinity'], { stdio: 'ignore' });
  process.once('exit', () => holder.kill('SIGKILL'));
  const pid = String(holder.pid ?? 0);
  await waitForNamespace(pid);
  const enter = ['nsenter', '-t', pid, '-n', '--'];
  const [link, inside] = [`v-${name}`, (...command: string[]) => run(...([...enter, ...command] as [string, ...string[]]))];
  run('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid);
  run('ip', 'addr', 'add', `${ROUTER}/32`, 'dev', link);
  run('ip', 'link', 'set', link, 'up');
  inside('ip', 'link', 'set', 'lo', 'up');
  inside('ip', 'link', 'set', 'eth0', 'up');
  for (const ip of ips) {
    run('ip', 'route', 'add', `${ip}/32`, 'dev', link);
    inside('ip', 'addr', 'add', `${ip}/32`, 'dev', 'eth0');
  }
  inside('ip', 'route', 'add', `${ROUTER}/32`, 'dev', 'eth0');
  // Without it the kernel would take the router's address for its own.
  inside('ip', 'route', 'add', 'default', 'via', ROUTER, 'src', ips[0]);
  // The kernel would call a pod of the own node by that pod's address; a node's proxy shows the node's.
  for (const ip of ips.slice(1)) inside('ip', 'route', 'replace', 'local', ip, 'dev', 'eth0', 'table', 'local', 'src', ips[0]);
  inside('sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start; echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind');
  for (const rule of interceptionOf(kind, ips)) inside('iptables', '-t', 'nat', ...rule.split(' '));
  run('ip', '-6', 'addr', 'add', `${ROUTER6}/128`, 'dev', link, 'nodad');
  run('ip', '-6', 'route', 'add', `${ip6}/128`, 'dev', link);
  inside('ip', '-6', 'addr', 'add', `${ip6}/128`, 'dev', 'eth0', 'nodad');
  inside('ip', '-6', 'route', 'add', `${ROUTER6}/128`, 'dev', 'eth0');
  inside('ip', '-6', 'route', 'add', 'default', 'via', ROUTER6, 'dev', 'eth0', 'src', ip6);
  inside('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind');
  inside('ip', '-6', 'addr', 'add', '::6/128', 'dev', 'lo', 'nodad');
  if (kind === 'pod') for (const rule of podRules('::6/128', '::1/128')) inside('ip6tables', '-t', 'nat', ...rule.split(' '));
  return enter;
}

/** As istio-init and ztunnel's redirection write them. */
function interceptionOf(kind: MeshPlace['kind'], ips: readonly string[]): string[] {
  if (kind === 'gateway') return [];
  if (kind === 'pod') return podRules('127.0.0.6/32', '127.0.0.1/32');
  const pods = ips.slice(1);
  return [
    OWN,
    ...pods.map((ip) => `-A OUTPUT -p tcp -s ${ip}/32 -j REDIRECT --to-ports 15001`),
    HBONE,
    ...pods.map((ip) => INBOUND.replace('-p tcp', `-p tcp -d ${ip}/32`)),
  ];
}

const OWN = `-A OUTPUT -p tcp -m owner --gid-owner ${ENVOY_GROUP} -j RETURN`;
const HBONE = '-A PREROUTING -p tcp --dport 15008 -j RETURN';
const INBOUND = '-A PREROUTING -p tcp -j REDIRECT --to-ports 15006';

/** `passed`: the address from which the proxy calls its own application; `loopback`: the application's own. */
function podRules(passed: string, loopback: string): string[] {
  return [
    `-A OUTPUT -p tcp -s ${passed} -o lo -j RETURN`,
    `-A OUTPUT -p tcp ! -d ${loopback} -o lo -m owner --gid-owner ${ENVOY_GROUP} -j REDIRECT --to-ports 15006`,
    `-A OUTPUT -p tcp -o lo -m owner ! --gid-owner ${ENVOY_GROUP} -j RETURN`,
    OWN,
    `-A OUTPUT -p tcp -d ${loopback} -j RETURN`,
    '-A OUTPUT -p tcp -j REDIRECT --to-ports 15001',
    HBONE,
    INBOUND,
  ];
}

/** unshare needs a moment; before that its network is ours. */
async function waitForNamespace(pid: string): Promise<void> {
  const network = (of: string): string => execFileSync('readlink', [`/proc/${of}/ns/net`], { encoding: 'utf8' });
  const own = network('self');
  for (let tries = 0; tries < 500; tries++) {
    if (network(pid) !== own) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('unshare made no network namespace');
}

function allow(...names: string[]): void {
  for (const name of names) writeFileSync(`/proc/sys/net/${name}`, '1');
}

function run(command: string, ...parameters: string[]): void {
  execFileSync(command, parameters, { stdio: 'pipe' });
}
