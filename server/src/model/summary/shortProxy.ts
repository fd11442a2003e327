/** The ids of proxies as people read them. */
import { fileName } from '../../protocol/fileName';
import { printable } from '../../protocol/printable';

/** `sidecar~10.4.0.5~productpage-v1.default~…` → `productpage-v1.default (sidecar)` */
export function shortProxy(id: string): string {
  const parts = id.split('~');
  return printable(parts.length === 4 ? `${parts[2]} (${parts[0]})` : fileName(id));
}

/** Their short names; the ids of those that share one. */
export function shortProxies(ids: readonly string[]): string[] {
  const names = ids.map(shortProxy);
  return ids.map((id, index) => {
    const name = names[index] ?? '';
    return names.indexOf(name) === names.lastIndexOf(name) ? name : printable(id);
  });
}
