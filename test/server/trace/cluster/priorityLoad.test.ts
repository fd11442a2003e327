import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../../../server/src/trace/cluster/discovery/host';
import { priorityLoads } from '../../../../server/src/trace/cluster/balancing/priorityLoad';

type Short = 'H' | 'D' | 'U' | 'X';

/** `HHU`: two healthy hosts and an unhealthy one; D is degraded, X draining. */
function priority(text: string): { hosts: Host[]; overprovisioning: number; weighted: boolean } {
  const states: Record<Short, Host['state']> = { H: 'healthy', D: 'degraded', U: 'unhealthy', X: 'unhealthy' };
  const hosts = Array.from(text).map((each) => ({ state: states[each as Short], isExcluded: each === 'X', weight: 1 }) as Host);
  return { hosts, overprovisioning: 140, weighted: false };
}

const loadsOf = (
  texts: readonly string[],
  threshold = 50,
): { healthy: readonly number[]; degraded: readonly number[]; panics: readonly boolean[] } => {
  const { healthy, degraded, panics } = priorityLoads(texts.map(priority), threshold);
  return { healthy, degraded, panics };
};

describe('the load of priorities', () => {
  // Worked out from load_balancer_impl.cc.
  test.each<[string[], number[]]>([
    [
      ['HHUU', 'H'],
      [70, 30],
    ],
    [
      ['HHHU', 'H'],
      [100, 0],
    ],
    [
      ['HUUU', 'HUUU'],
      [50, 50],
    ],
    [
      ['UU', 'H'],
      [0, 100],
    ],
    [
      ['', 'HH'],
      [0, 100],
    ],
    [
      ['XX', 'H'],
      [0, 100],
    ],
    [
      ['UU', 'UUUU'],
      [34, 66],
    ],
    [['XXX'], [100]],
  ])('%j → %j', (texts, healthy) => {
    expect(loadsOf(texts).healthy).toEqual(healthy);
  });

  test('degraded hosts get what healthy ones cannot carry', () => {
    expect(loadsOf(['HUUU', 'DD'])).toMatchObject({ healthy: [35, 0], degraded: [0, 65] });
  });

  test('panic needs a gap in the whole availability', () => {
    expect(loadsOf(['HUUU', 'HH']).panics).toEqual([false, false]);
    expect(loadsOf(['HUUU']).panics).toEqual([true]);
    expect(loadsOf(['UU'], 0)).toMatchObject({ healthy: [100], panics: [false] });
  });

  test('the shares always add up to 100', () => {
    const states = fc.string({ unit: fc.constantFrom('H', 'D', 'U', 'X'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(states, { minLength: 1, maxLength: 5 }), fc.nat(100), (texts, threshold) => {
        const { healthy, degraded } = loadsOf(texts, threshold);
        const total = [...healthy, ...degraded].reduce((sum, each) => sum + each, 0);
        // Nothing available and no panic: no priority can have load.
        expect([0, 100]).toContain(total);
        expect([...healthy, ...degraded].every((each) => each >= 0)).toBe(true);
      }),
    );
  });
});
