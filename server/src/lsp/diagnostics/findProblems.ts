/** The problems of a document, found in slices, and once for all who ask (diagnostics, quick fixes) while nothing changes. */
import { collectDiagnosticsInSteps, type FoundProblem } from '../../features/diagnostics/collectDiagnostics';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Steps } from '../../text/steps';
import { takeSteps } from '../turns/takeSteps';
import { isOtherVersion } from '../documents/otherVersions';
import type { Workspace } from '../documents/workspace';
import type { Snapshot } from '../../index/snapshot';

/** Of the snapshot at hand. Undefined where they are not wanted any more: `isWanted` is asked after each slice. */
export type FindProblems = (uri: string, isWanted?: () => boolean) => Promise<readonly FoundProblem[] | undefined>;

interface Search {
  found?: readonly FoundProblem[];
  /** Under way; whoever needs the problems takes part. */
  readonly steps: Steps<void>;
}

export function makeFindProblems(workspace: Workspace): FindProblems {
  const searchesOf = memoizeByObject((_snapshot: Snapshot) => new Map<string, Search>());
  return async (uri, isWanted = () => true) => {
    // What is wrong in an old version is not to be mended there.
    if (isOtherVersion(uri)) return [];
    const snapshot = workspace.snapshot();
    const searches = searchesOf(snapshot);
    const search = getOrMake(searches, uri, () => beginSearch(snapshot, uri));
    try {
      if (!search.found) await takeSteps(search.steps, () => isWanted() && !search.found);
    } catch (error) {
      // The next one who asks shall meet the error, too.
      searches.delete(uri);
      throw error;
    }
    return search.found;
  };
}

function beginSearch(snapshot: Snapshot, uri: string): Search {
  const result: { found?: readonly FoundProblem[] } = {};
  function* steps(): Steps<void> {
    result.found = yield* collectDiagnosticsInSteps(snapshot, uri);
  }
  return Object.assign(result, { steps: steps() });
}
