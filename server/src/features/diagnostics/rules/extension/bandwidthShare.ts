/** The bandwidth share filter: its buckets are one for the whole proxy (http/bandwidth_share/config.cc, token_bucket_singleton.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isGiven } from '../../settingChecks';

const BANDWIDTH_SHARE = 'envoy.extensions.filters.http.bandwidth_share.v3.BandwidthShare';
const FILL_INTERVAL = 50;

export const checkBandwidthShare: CheckMessage = (config, { messages }) => {
  const prefix = isGiven(config, 'response_trailer_prefix');
  const buckets = messages(BANDWIDTH_SHARE).flatMap(limitsOf);
  return [
    prefix && !config.bool('enable_response_trailers')
      ? errorAt(prefix, '"enable_response_trailers" must be true where a prefix of trailers is set.')
      : undefined,
    ...limitsOf(config).map((limit) => otherSettings(limit, buckets)),
  ];
};

function limitsOf(config: ConfigNode): ConfigNode[] {
  const limits = ['request_limit', 'response_limit'].flatMap((field) => config.get(field) ?? []);
  return config.isIncomplete ? [] : limits.filter((limit) => limit.has('kbps') && !limit.isIncomplete && !limit.get('kbps')?.isIncomplete);
}

/** Who comes first makes the bucket; the filters of a listener come in another order than the text has them, so both places are told. */
function otherSettings(limit: ConfigNode, buckets: readonly ConfigNode[]): Problem | undefined {
  const id = limit.string('bucket_id');
  const first = buckets.find((bucket) => bucket.string('bucket_id') === id);
  if (!first || first.sameAs(limit)) return undefined;
  const differing = differingSetting(first, limit);
  return differing === undefined
    ? undefined
    : errorAt(limit, `The bucket "${id}" has another ${differing} elsewhere: for other settings use another "bucket_id".`, {
        related: [{ message: 'The bucket of the same name', at: first }],
      });
}

function differingSetting(one: ConfigNode, other: ConfigNode): string | undefined {
  const [first, second] = [settingsOf(one), settingsOf(other)];
  return ['default_value', 'runtime_key', 'fill_interval'].find((_, index) => first[index] !== second[index]);
}

function settingsOf(limit: ConfigNode): readonly (string | number)[] {
  const kbps = limit.get('kbps');
  return [
    kbps?.number('default_value') ?? 0,
    kbps?.string('runtime_key') ?? '',
    Math.floor(limit.parent?.duration('fill_interval') ?? FILL_INTERVAL),
  ];
}
