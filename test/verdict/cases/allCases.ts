/** Cases that were made from the refusals in Envoy's own sources, each at its place. */
import type { Case } from './frame';
import { httpFilterCases } from './httpFilterCases';
import { laterCases } from './laterCases';
import { mutantCases } from './mutantCases';
import { proxyCases } from './proxyCases';
import { routeCases } from './routeCases';

export const allCases: readonly Case[] = [...routeCases, ...httpFilterCases, ...proxyCases, ...laterCases, ...mutantCases];
