/** All shapes of meshes, by name. */
import type fc from 'fast-check';
import { ambient, ambientIngress, waypoints } from './ambient';
import { doubleHbone } from './doubleHbone';
import { dualStack } from './dualStack';
import { eastWest } from './eastWest';
import { edge } from './edge';
import { ingress } from './ingress';
import type { MeshCase } from '../meshCase';
import { plain } from './plain';
import { sidecars } from './sidecars';
import { sidecarWaypoint } from './sidecarWaypoint';

export const meshAreas: Readonly<Record<string, fc.Arbitrary<MeshCase>>> = {
  ingress,
  ambient,
  sidecars,
  edge,
  waypoints,
  ambient_ingress: ambientIngress,
  east_west: eastWest,
  double_hbone: doubleHbone,
  dual_stack: dualStack,
  plain,
  sidecar_waypoint: sidecarWaypoint,
};
