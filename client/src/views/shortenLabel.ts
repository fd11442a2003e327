/** Names in Envoy may be as long as one likes; tabs and the status bar may not. */

const LONGEST = 48;

export function shortenLabel(label: string): string {
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}
