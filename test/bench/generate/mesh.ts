/** A made-up mesh, the same for the same seed: services with their addresses, ports, pods and subsets. */

export interface MeshPod {
  readonly name: string;
  readonly ip: string;
  readonly version: string;
  readonly zone: string;
}

export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly virtualIp: string;
  readonly ports: readonly { readonly number: number; readonly protocol: 'http' | 'grpc' | 'tcp' }[];
  readonly pods: readonly MeshPod[];
  /** [] for services without a DestinationRule. */
  readonly subsets: readonly string[];
}

/** Numbers in 0..1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Services one after another, so that no mesh is ever in memory as a whole. */
export function* meshServices(count: number, seed: number): Generator<MeshService> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index++) yield makeService(index, random);
}

const WORDS = ['catalog', 'orders', 'payments', 'reviews', 'search', 'accounts', 'shipping', 'prices', 'stock', 'media'];

function makeService(index: number, random: () => number): MeshService {
  const namespace = `team-${String(index % 40).padStart(2, '0')}`;
  const name = `${WORDS[Math.floor(random() * WORDS.length)] ?? 'service'}-${String(index).padStart(4, '0')}`;
  const subsets = random() < 0.1 ? ['v1', 'v2'] : [];
  const ports: MeshService['ports'][number][] = [{ number: 80, protocol: 'http' }];
  if (random() < 0.2) ports.push({ number: 9090, protocol: 'grpc' });
  if (random() < 0.2) ports.push({ number: 7000, protocol: 'tcp' });
  const pods = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, pod): MeshPod => {
    const number = index * 4 + pod + 1;
    return {
      name: `${name}-v${1 + (pod % 2)}-${Math.floor(random() * 0xffffff)
        .toString(16)
        .padStart(6, '0')}`,
      ip: `10.${16 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`,
      version: `v${1 + (pod % 2)}`,
      zone: `north-1${'abc'.charAt(pod % 3)}`,
    };
  });
  const virtualIp = `10.${96 + (index >> 16)}.${(index >> 8) & 255}.${(index & 255) + 1}`.replace(/\.256$/, '.0');
  return { name, namespace, host: `${name}.${namespace}.svc.cluster.local`, virtualIp, ports, pods, subsets };
}
