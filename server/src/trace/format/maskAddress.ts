/** `…_WITHOUT_PORT(LENGTH)`: the network of that length instead of the address. Example: `10.1.0.0/16` */
import { networkOf, type Address } from '../../model/address';
import { NOTHING, value, type OperatorValue } from './operatorValue';

export function maskAddress(ip: string, parameters: string): OperatorValue {
  return value((isLength(parameters) ? networkOf(ip, Number(parameters)) : undefined) ?? ip);
}

/** The address without its port; one that is no IP has no network (observed with Envoy 1.40). `whole`: the address as it is. */
export function withoutPort(address: Address, parameters: string, whole: OperatorValue): OperatorValue {
  if (address.kind === 'ip') return maskAddress(address.ip, parameters);
  return isLength(parameters) ? NOTHING : whole;
}

function isLength(parameters: string): boolean {
  return /^\d+$/.test(parameters);
}
