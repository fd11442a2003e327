/** A network namespace in which every IPv4 address is local, so that no address of a configuration has to be rewritten. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basePort, SLOTS } from './placeCase';

/** Envoy's own connections are not intercepted: it runs with this group. */
export const ENVOY_GROUP = 1337;

export interface EnvoyNetwork {
  /** Connections to 10.96.SLOT.0/24 arrive at the slot's first port, those to 10.97.SLOT.0/24 at its second, as behind iptables in a pod. */
  readonly intercepts: boolean;
}

/** Prepares the namespace that run.mjs has made; the reason as text where that cannot be. */
export function prepareNetwork(): EnvoyNetwork | string {
  if (process.env['ENVOY_LENS_NETWORK'] !== 'own') return 'needs Linux and root: an own network namespace makes all addresses local';
  try {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    execFileSync('ip', ['route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo']);
    execFileSync('ip', ['-6', 'route', 'add', 'local', '::/0', 'dev', 'lo']);
    writeFileSync('/proc/sys/net/ipv6/ip_nonlocal_bind', '1');
    writeFileSync('/proc/sys/net/ipv4/ip_nonlocal_bind', '1');
    writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '42000 60999');
    writeFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', '0');
  } catch (error) {
    return `the network namespace cannot be prepared: ${String(error)}`;
  }
  return { intercepts: redirectSlots() };
}

function redirectSlots(): boolean {
  try {
    iptables('OUTPUT', '-m', 'owner', '--gid-owner', String(ENVOY_GROUP), '-j', 'RETURN');
    for (let slot = 0; slot < SLOTS; slot++) {
      for (const [net, offset] of [
        ['10.96', 0],
        ['10.97', 1],
      ] as const)
        iptables('OUTPUT', '-p', 'tcp', '-d', `${net}.${slot}.0/24`, '-j', 'REDIRECT', '--to-ports', String(basePort(slot) + offset));
    }
    return true;
  } catch {
    return false;
  }
}

function iptables(chain: string, ...rule: string[]): void {
  execFileSync('iptables', ['-t', 'nat', '-A', chain, ...rule], { stdio: 'pipe' });
}
