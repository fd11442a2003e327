/** `…_WITHOUT_PORT(LENGTH)`: the network of that length instead of the address. Example: `10.1.0.0/16` */
import { networkOf } from '../../model/address';
import { value, type OperatorValue } from './operatorValue';

export function maskAddress(ip: string, parameters: string): OperatorValue {
  return value((/^\d+$/.test(parameters) ? networkOf(ip, Number(parameters)) : undefined) ?? ip);
}
