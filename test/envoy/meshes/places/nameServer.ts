/** Answers what the proxies of a mesh ask by DNS: the addresses of the lab's names. */
import { createSocket } from 'node:dgram';

/** Where proxies ask: any address that is no place's leads to the lab. */
export const NAME_SERVER = '169.254.1.53';

/** By name: its IPv4 and IPv6 addresses. */
export const NAMES: Readonly<Record<string, { readonly v4: readonly string[]; readonly v6: readonly string[] }>> = {
  'orders.lab.test': { v4: ['10.4.0.3'], v6: ['fd00:4::3'] },
  'stock.lab.test': { v4: ['10.4.3.1'], v6: [] },
  'either.lab.test': { v4: ['10.4.0.3', '10.4.3.1'], v6: [] },
  'outside.lab.test': { v4: ['10.5.0.7'], v6: [] },
};

const A = 1;
const AAAA = 28;

/** Listens on the port of DNS. */
export async function startNameServer(): Promise<{ readonly close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query), port, address));
  await new Promise<void>((resolve) => socket.bind(53, NAME_SERVER, resolve));
  return { close: () => socket.close() };
}

/** RFC 1035: the question again, and a record for each address; an unknown name does not exist (NXDOMAIN). */
function answerTo(query: Buffer): Buffer {
  const { name, end } = readName(query);
  const type = query.readUInt16BE(end);
  const found = NAMES[name];
  const addresses = type === A ? (found?.v4 ?? []) : type === AAAA ? (found?.v6 ?? []) : [];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(found ? 0x8580 : 0x8583, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([head, query.subarray(12, end + 4), ...addresses.map((address) => recordOf(type, address))]);
}

/** The labels of the question, which begins behind the header. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function recordOf(type: number, address: string): Buffer {
  const data = type === A ? Buffer.from(address.split('.').map(Number)) : bytesOfIpv6(address);
  const head = Buffer.alloc(12);
  // The name is that of the question.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(300, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function bytesOfIpv6(address: string): Buffer {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const middle = Array.from({ length: 8 - groups(left).length - groups(right).length }, () => '0');
  return Buffer.from([...groups(left), ...middle, ...groups(right)].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
