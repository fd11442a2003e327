/** All areas of the lab, in the order in which cases take turns. */
import type fc from 'fast-check';
import type { LabCase } from '../labCase';
import { routeMatch } from './routeMatch';

export const areas: Readonly<Record<string, fc.Arbitrary<LabCase>>> = {
  route_match: routeMatch,
};
