/** The last part of a uri or a path, of a folder too, decoded where it can be. Example: `file:///a/my%20envoy.yaml` is `my envoy.yaml` */
export function fileName(uri: string): string {
  const name = uri.replace(/[/\\]$/, '').replace(/^.*[/\\]/, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
