/** Chains of which the file has lost a condition stand in Envoy's order all the same. */
import { expect, test } from 'vitest';
import { call, manager, world, type Fields } from '../missing/missingCase';
import { onlyPath, traceOf } from '../support/traceOf';

const LOST = '[redacted]';

function endOf(...matches: Fields[]): string {
  const chains = matches.map((filter_chain_match, index) => ({ name: `c${index}`, filter_chain_match, filters: [manager({})] }));
  return onlyPath(traceOf({ ...world({ chains }) }, call())).disposition;
}
const within = (address_prefix: string): Fields => ({ destination_port: 80, prefix_ranges: [{ address_prefix, prefix_len: 16 }] });

test('a port that such a chain asks for shuts out those that ask for none', () => {
  expect(endOf({}, { ...within('10.9.0.0'), source_type: LOST })).toBe('no_filter_chain');
});

test('it decides where the connection comes as far as to the lost condition', () => {
  expect(endOf({}, { ...within('10.0.0.0'), source_type: LOST })).toBe('insufficient_info');
});

test('it does not where another chain fits better before', () => {
  expect(endOf({ ...within('10.0.0.0') }, { destination_port: 80, source_type: LOST })).toBe('upstream');
  expect(endOf({}, { destination_port: 90, source_type: LOST })).toBe('upstream');
});
