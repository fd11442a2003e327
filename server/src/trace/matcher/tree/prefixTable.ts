/** CIDR ranges that are looked up by an IP in one step per prefix length. Immutable after it is filled. */
import ipaddr from 'ipaddr.js';
import { canonicalIp, type CidrRange } from '../../../model/address';
import { addToGroup } from '../../../text/addToGroup';

/** Values under CIDR ranges; IPv4 and IPv6 are apart, as in Envoy (source/common/network/lc_trie.h). */
export class PrefixTable<Value> {
  private readonly families = { ipv4: new Map<number, Map<string, Value[]>>(), ipv6: new Map<number, Map<string, Value[]>>() };
  private readonly lengths: { ipv4: number[]; ipv6: number[] } = { ipv4: [], ipv6: [] };

  /** Keeps the order in which values of one range were added. */
  add({ address, bits }: CidrRange, value: Value): void {
    const kind = address.kind();
    const family = this.families[kind];
    let ranges = family.get(bits);
    if (!ranges) {
      family.set(bits, (ranges = new Map<string, Value[]>()));
      this.lengths[kind] = [...family.keys()].sort((a, b) => b - a);
    }
    addToGroup(ranges, maskedKey(address.toByteArray(), bits), value);
  }

  /** All ranges that hold the IP, longest prefix first; [] for what is no IP. */
  lookUp(ip: string): { readonly bits: number; readonly values: readonly Value[] }[] {
    if (canonicalIp(ip) === undefined) return [];
    const address = ipaddr.parse(ip);
    const bytes = address.toByteArray();
    const family = this.families[address.kind()];
    return this.lengths[address.kind()].flatMap((bits) => {
      const values = family.get(bits)?.get(maskedKey(bytes, bits));
      return values ? [{ bits, values }] : [];
    });
  }
}

/** The first `bits` bits as a text. */
function maskedKey(bytes: readonly number[], bits: number): string {
  const whole = bits >> 3;
  const rest = bits & 7;
  let key = String.fromCharCode(...bytes.slice(0, whole));
  if (rest > 0) key += String.fromCharCode((bytes[whole] ?? 0) & (0xff << (8 - rest)) & 0xff);
  return key;
}
