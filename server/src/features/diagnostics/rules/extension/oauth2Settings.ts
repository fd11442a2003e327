/** Settings of the OAuth2 filter that Envoy refuses (source/extensions/filters/http/oauth2/config.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isGiven } from '../../settingChecks';
import { refuseProtected } from '../route/protectedHeader';
import { checkUrl } from './authFilterSettings';

export const oauth2Settings: Readonly<Record<string, CheckMessage>> = {
  'envoy.extensions.filters.http.oauth2.v3.OAuth2Config': (config) => [
    checkUrl(config.get('authorization_endpoint')),
    lacksTokenSecret(config),
    refuseProtected(config.path('forward_id_token', 'header')),
    passesByIdToken(config),
    manyOwners(config),
    checkEndSession(config),
  ],
};

/** Only a client that TLS authenticates has no secret. */
function lacksTokenSecret(config: ConfigNode): Problem | undefined {
  const credentials = config.get('credentials');
  const isByTls = config.isEnum('auth_type', 'TLS_CLIENT_AUTH', 2);
  return credentials && !isByTls && !credentials.isIncomplete && !credentials.has('token_secret')
    ? errorAt(credentials, '"token_secret" is required when "auth_type" is not TLS_CLIENT_AUTH.')
    : undefined;
}

/** Whoever sends the header of the ID token would get past the filter. */
function passesByIdToken(config: ConfigNode): Problem | undefined {
  const header = config.path('forward_id_token', 'header');
  const text = header?.asString()?.toLowerCase() ?? '';
  const matcher = config.list('pass_through_matcher').find((each) => text !== '' && each.string('name').toLowerCase() === text);
  return header && matcher
    ? errorAt(matcher, `"pass_through_matcher" cannot match on the header of the forwarded ID token, "${text}".`, {
        related: [{ message: 'The header of the ID token', at: header }],
      })
    : undefined;
}

/** What writes or keeps the header `authorization`: one thing at most. */
function manyOwners(config: ConfigNode): Problem | undefined {
  const idToken = config.path('forward_id_token', 'header');
  const owners = [
    isGiven(config, 'forward_bearer_token'),
    isGiven(config, 'preserve_authorization_header'),
    idToken?.asString()?.toLowerCase() === 'authorization' ? idToken : undefined,
  ].flatMap((owner) => owner ?? []);
  const last = owners.reduce<ConfigNode | undefined>((latest, owner) => (latest && latest.id > owner.id ? latest : owner), undefined);
  return last && owners.length > 1
    ? errorAt(
        last,
        'At most one of "forward_bearer_token", "preserve_authorization_header" and a "forward_id_token" in the header authorization may be set: all are about that header.',
        { related: owners.filter((owner) => owner !== last).map((at) => ({ message: 'Another one', at })) },
      )
    : undefined;
}

function checkEndSession(config: ConfigNode): Problem | undefined {
  const end = isGiven(config, 'end_session_endpoint');
  return end && !config.list('auth_scopes').some((scope) => scope.asString() === 'openid')
    ? errorAt(end, '"end_session_endpoint" is only supported for OpenID Connect: the scope "openid" is missing.')
    : undefined;
}
