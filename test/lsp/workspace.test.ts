import { describe, expect, test } from 'vitest';
import { makeFindProblems } from '../../server/src/lsp/diagnostics/findProblems';
import { makeWorkspace } from '../../server/src/lsp/documents/workspace';
import { textOf } from '../../server/src/text/text';

const URI = 'file:///dump.json';

/** A dump of so many clusters, long enough to be read in many slices. */
function dump(clusters: number): string {
  const entries = Array.from({ length: clusters }, (_, index) => ({
    cluster: {
      '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
      name: `cluster-${index}`,
      eds_cluster_config: { service_name: `service-${index}` },
    },
  }));
  const section = { '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump', dynamic_active_clusters: entries };
  return JSON.stringify({ configs: [section] }, null, 2);
}

const LARGE = dump(40_000);
const namesOf = (workspace: ReturnType<typeof makeWorkspace>) => workspace.snapshot().proxies[0]?.byName.cluster;

describe('reading in slices', () => {
  test('others are answered between the slices, and the progress only grows', async () => {
    const workspace = makeWorkspace();
    workspace.open({ uri: URI, text: textOf(LARGE), version: 1 });
    const shares: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    await workspace.settle({ reading: (_, share) => shares.push(share) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    expect(shares.length).toBeGreaterThan(0);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(namesOf(workspace)?.size).toBe(40_000);
  });

  test('who gives up stops at once; who stays gets all', async () => {
    const workspace = makeWorkspace();
    workspace.open({ uri: URI, text: textOf(LARGE), version: 1 });
    let isCancelled = false;
    let shares = 0;
    const cancelled = workspace.settle({
      reading: () => {
        shares++;
        isCancelled = true;
      },
      isCancelled: () => isCancelled,
    });
    await cancelled;
    expect(shares).toBe(1);
    await workspace.settle();
    expect(namesOf(workspace)?.size).toBe(40_000);
  });

  test('a request in the middle of it gets the whole snapshot, and so does everyone who waits', async () => {
    const workspace = makeWorkspace();
    workspace.open({ uri: URI, text: textOf(LARGE), version: 1 });
    const waiting = [workspace.settle(), workspace.settle()];
    expect(namesOf(workspace)?.has('cluster-39999')).toBe(true);
    await Promise.all(waiting);
    expect(namesOf(workspace)?.size).toBe(40_000);
  });

  test('an edit meanwhile counts, and the text is not read to its end before it', async () => {
    const workspace = makeWorkspace();
    workspace.open({ uri: URI, text: textOf(LARGE), version: 1 });
    const settled = workspace.settle();
    const at = LARGE.indexOf('cluster-0"');
    workspace.edit(URI, 2, [{ start: at, end: at, inserted: 'new-' }]);
    await settled;
    expect(workspace.version(URI)).toBe(2);
    expect(namesOf(workspace)?.has('new-cluster-0')).toBe(true);
    expect(namesOf(workspace)?.has('cluster-0')).toBe(false);
  });
});

describe('another version of a file, as comparisons show it', () => {
  const workspace = makeWorkspace();
  const other = 'git:/dump.json?HEAD';
  workspace.open({ uri: URI, text: textOf(dump(3)), version: 1 });
  workspace.open({ uri: other, text: textOf(dump(2)), version: 1 });

  test('is no second proxy beside the file', () => {
    expect(workspace.snapshot().proxies.length).toBe(1);
    expect([...workspace.snapshot(URI).documents.keys()]).toEqual([URI]);
    expect(namesOf(workspace)?.size).toBe(3);
  });
  test('has its own names', () => {
    const snapshot = workspace.snapshot(other);
    expect([...snapshot.documents.keys()]).toEqual([other]);
    expect(snapshot.proxies[0]?.byName.cluster.size).toBe(2);
    expect(workspace.snapshot(other)).toBe(snapshot);
  });
  test('has no problems to be mended', async () => expect(await makeFindProblems(workspace)(other)).toEqual([]));
});

test('edits of a document that is read leave the snapshot before as it was', () => {
  const workspace = makeWorkspace();
  const text = dump(3);
  workspace.open({ uri: URI, text: textOf(text), version: 1 });
  const before = workspace.snapshot();
  const at = text.indexOf('cluster-1"');
  workspace.edit(URI, 2, [
    { start: at, end: at + 7, inserted: 'x' },
    { start: at, end: at + 1, inserted: 'yz' },
  ]);
  expect([...(workspace.snapshot().proxies[0]?.byName.cluster.keys() ?? [])]).toEqual(['cluster-0', 'yz-1', 'cluster-2']);
  expect([...(before.proxies[0]?.byName.cluster.keys() ?? [])]).toEqual(['cluster-0', 'cluster-1', 'cluster-2']);
  workspace.close(URI);
  expect(workspace.snapshot().proxies).toEqual([]);
});
