/** What Envoy refuses and lint does not check yet, by Envoy's words: counted apart, each with the reason. */
interface NotChecked {
  readonly words: RegExp;
  readonly reason: string;
}

const CONTRIBUTED = 'a contributed extension: only the standard Envoy refuses it, so lint warns';
const DATA = 'the content of a file or of bytes (descriptors, password files) is not read';
const RARE = 'a rule of one rare extension';

export const notChecked: readonly NotChecked[] = [
  { words: /could not find @type 'type\.googleapis\.com\/envoy\.extensions\.\S+v3alpha/u, reason: CONTRIBUTED },
  { words: /could not find @type/u, reason: CONTRIBUTED },
  { words: /proto descriptor|basic auth: /u, reason: DATA },
  { words: /Unable to create Wasm plugin|dynamic_modules/u, reason: 'code that Envoy loads' },
  {
    words: /failed to create an expression|Unable to parse descriptor expression/u,
    reason: 'rare forms of CEL: empty nodes of parsed expressions',
  },
  { words: /Listening on UDP when concurrency/u, reason: 'depends on the machine or the command line' },
  { words: /config specified DNS cache/u, reason: 'the same name with other settings in two places' },
  { words: /sockmap|Named filter chain|oauth2 client secret|xdstp|vhds: |private key provider/u, reason: RARE },
];
