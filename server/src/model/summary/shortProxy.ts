/** The id of a proxy as people read it. */
import { printable } from '../../protocol/printable';

/** `sidecar~10.4.0.5~productpage-v1.default~…` → `productpage-v1.default (sidecar)` */
export function shortProxy(id: string): string {
  const parts = id.split('~');
  return printable(parts.length === 4 ? `${parts[2]} (${parts[0]})` : id.replace(/[/\\]$/, '').replace(/^.*[/\\]/, ''));
}
