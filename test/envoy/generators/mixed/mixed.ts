/** Cases of all areas taken apart and put together anew: disagreements are found between features. */
import fc from 'fast-check';
import type { LabCase } from '../../labCase';
import { makeDice, type Dice } from './dice';
import { makeDonor } from './donor';
import {
  addHttpFilters,
  addManagerFields,
  addNetworkFilters,
  addResources,
  addRoutes,
  nestListener,
  swapCluster,
  withIdleTimeout,
} from './graft';
import { mixRequests } from './mixRequests';

const NUMBERS = 120;

/** One case with parts of one to three others: HTTP and network filters, fields, routes, clusters, a listener behind it, headers and paths. */
export function mixedCases(areas: readonly fc.Arbitrary<LabCase>[]): fc.Arbitrary<LabCase> {
  const any = fc.oneof(...areas);
  return fc
    .record({
      base: any,
      others: fc.array(any, { minLength: 1, maxLength: 3 }),
      numbers: fc.array(fc.nat(9999), { minLength: NUMBERS, maxLength: NUMBERS }),
    })
    .map(({ base, others, numbers }) => mix(base, others, makeDice(numbers)));
}

function mix(base: LabCase, others: readonly LabCase[], dice: Dice): LabCase {
  let mixed = base;
  const donors = others.map((other, index) => makeDonor(other, index));
  for (const donor of donors) {
    mixed = addHttpFilters(mixed, donor, dice);
    mixed = addManagerFields(mixed, donor, dice);
    mixed = addRoutes(mixed, donor, dice);
    if (!isDelicate(mixed) && !isDelicate(donor.given)) {
      mixed = addNetworkFilters(mixed, donor, dice);
      const way = copies(mixed) ? 0 : dice.roll(6);
      if (way === 1) mixed = swapCluster(mixed, donor, dice);
      if (way === 2) mixed = nestListener(mixed, donor, dice);
    }
    mixed = addResources(mixed, donor, dice);
  }
  const requests = mixRequests(
    base.requests,
    donors.flatMap(({ given }) => given.requests),
    dice,
  );
  const whole = { ...mixed, area: 'mixed', requests };
  return hasOpenEnd(requests) ? withIdleTimeout(whole) : whole;
}

/** A tunnel's request ends with the tunnel: a filter that waits for its end holds it until it times out. */
function hasOpenEnd(requests: LabCase['requests']): boolean {
  return /"CONNECT"|"upgrade"/u.test(JSON.stringify(requests));
}

/** Who got a copy is known by the addresses, which must be those of one cluster alone. */
function copies(given: LabCase): boolean {
  return JSON.stringify(given.listeners).includes('"request_mirror_policies"');
}

/** A POST as tunnel to a cluster of HTTP/1 ends Envoy 1.40 (SIGSEGV). */
function isDelicate(given: LabCase): boolean {
  return JSON.stringify(given.listeners).includes('"use_post"');
}
