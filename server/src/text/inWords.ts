/** Names of kinds and fields as people say them: `route_configuration` → `route configuration`. */
export function inWords(name: string): string {
  return name.replace(/_/g, ' ');
}
