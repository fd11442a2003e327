/** Cases that were made from the refusals in Envoy's own sources, each at its place. */
import { accessLogCases } from './accessLogCases';
import { bootstrapCases } from './bootstrapCases';
import { clusterCases } from './clusterCases';
import { extensionCases } from './extensionCases';
import type { Case } from './frame';
import { httpFilterCases } from './httpFilterCases';
import { laterCases } from './laterCases';
import { listenerCases } from './listenerCases';
import { matcherCases } from './matcherCases';
import { mutantCases } from './mutantCases';
import { networkFilterCases } from './networkFilterCases';
import { newerCases } from './newerCases';
import { routeCases } from './routeCases';

export const allCases: readonly Case[] = [
  ...routeCases,
  ...httpFilterCases,
  ...listenerCases,
  ...clusterCases,
  ...bootstrapCases,
  ...accessLogCases,
  ...networkFilterCases,
  ...laterCases,
  ...mutantCases,
  ...extensionCases,
  ...newerCases,
  ...matcherCases,
];
