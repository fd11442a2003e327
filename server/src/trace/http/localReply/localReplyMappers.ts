/** `local_reply_config`: the first mapper whose filter fits changes code, body and headers (Envoy: source/common/local_reply/local_reply.cc). */
import { inlineText } from '../../../model/dataSource';
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { testAccessLogFilter } from './accessLogFilter';
import { formatReplyBody } from './formatReplyBody';
import { addStep, onAnswer, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import { changeResponseHeaders } from '../route/changeResponseHeaders';
import type { LocalReply } from './replyParts';

/** The reply after the manager's mappers and body format. Where nobody can know whether a mapper fits, both answers are paths. */
export function applyLocalReplyMappers(hop: Hop, reply: LocalReply): LocalReply {
  const { http } = hop;
  const config = http?.manager.get('local_reply_config');
  if (!config) return reply;
  if (http?.answer) http.answer = { ...http.answer, hasCode: true };
  let changed: LocalReply = reply;
  let format = config.get('body_format');
  for (const mapper of config.list('mappers')) {
    if (mayHideMatch(hop, mapper, reply)) return leaveOpen(hop, reply);
    if (!(testAccessLogFilter(mapper.get('filter'), { hop, reply }) ?? chooseFit(hop, mapper))) continue;
    changed = mapReply(hop, mapper, changed);
    format = mapper.get('body_format_override') ?? format;
    break;
  }
  if ((changed === reply && mayLackEntries(config, 'mappers')) || (format && keepsBack(format))) return leaveOpen(hop, reply);
  return format ? withBody(hop, format, changed) : changed;
}

/** The file has lost a part of a mapper that is not sure to fail. */
function mayHideMatch(hop: Hop, mapper: ConfigNode, reply: LocalReply): boolean {
  if (!keepsBack(mapper)) return false;
  const filter = mapper.get('filter');
  return !filter || keepsBack(filter) || testAccessLogFilter(filter, { hop, reply }) !== false;
}

/** Nobody knows what becomes of the answer. */
function leaveOpen(hop: Hop, reply: LocalReply): LocalReply {
  onAnswer(hop, (answer) => {
    answer.doubt = say`what local_reply_config makes of the answer ${reply.code}: the file leaves out a part of it`;
  });
  return reply;
}

/** Its filter asks for what is not known before, such as how long the request takes. */
function chooseFit(hop: Hop, mapper: ConfigNode): boolean {
  const options = ['a local reply mapper fits', 'a local reply mapper does not fit'];
  return (
    hop.choices.choose(
      'fraction',
      options.map((value) => ({ value, probability: null, at: mapper })),
    ) === 0
  );
}

function mapReply(hop: Hop, mapper: ConfigNode, reply: LocalReply): LocalReply {
  const { body: former, isBodyUnknown: wasUnknown, ...others } = reply;
  const source = mapper.get('body');
  const body = source ? inlineText(source) : former;
  const isBodyUnknown = source ? body === undefined : wasUnknown === true;
  changeResponseHeaders(hop, [mapper], { add: 'headers_to_add', isLocal: true });
  const code = mapper.number('status_code') ?? reply.code;
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the answer becomes ${code}`,
    because: words('a local reply mapper fits it'),
    at: mapper,
    onAnswer: true,
  });
  return { ...others, code, ...(body !== undefined && { body }), ...(isBodyUnknown && { isBodyUnknown }) };
}

const JSON_TYPE = 'application/json';

function withBody(hop: Hop, format: ConfigNode, reply: LocalReply): LocalReply {
  const type = format.string('content_type');
  return { ...reply, body: formatReplyBody(hop, format, reply), isJson: type === '' ? format.has('json_format') : type === JSON_TYPE };
}
