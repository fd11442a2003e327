/** Classes of `insufficient_info` without a case of the table: where they are shown, or why no request can end there. The list must not grow. */
export const shownElsewhere: Readonly<Record<string, string>> = {
  'which listener takes the connection': 'kept for the types: the step before makes sure that it is there',
  'the action of the RBAC matcher': 'of an action that Envoy does not know, and would not load',
  'the filter_chain_matcher': 'kept for the types: the step before makes sure that it is there',
  'which of the weighted clusters is drawn': 'kept for the types: the step before makes sure that it is there',
  'the destination of the connection: give it as IP:PORT':
    'of a listener without a port, to which an internal start leads alone: others have their own port',
  'the HTTP version that the upstream takes': 'of an answer: shown beside its headers, never where a request ends',
  "the upstream's status": 'of an answer: shown beside its headers, never where a request ends',
  'the response header ${name}': 'of an answer: shown beside its headers, never where a request ends',
  "the response header ${name} of the upstream's answer": 'test/server/trace/httpFilters/answerChanges.test.ts',
  'the gRPC status of the answer': 'of an answer: shown beside its headers, never where a request ends',
  'the address that DNS gives': 'of an answer: shown beside its headers, never where a request ends',
  'the headers of the answer': 'of an answer: shown beside its headers, never where a request ends',
  'the text of a format string that is not written in the configuration':
    'of filter state and bodies: who reads them says what is missing ("a format in a file")',
  'the cookie ${name}, which Envoy makes of both addresses: give the source with its port':
    'of a branch: told in its step, never where a request ends',
  "the client's address: give the connection's source": 'of a branch: told in its step, never where a request ends',
  'which workload sends: give its address with --src (service ${service.hostname} prefers near endpoints)':
    'test/server/trace/ztunnel/passZtunnel.test.ts',
  'the address of workload ${workload.name}: its host name ${workload.hostname} is resolved at run time':
    'test/server/trace/ztunnel/missingOfZtunnel.test.ts',
  'what the ztunnel ${shortProxy(proxy.id)} does: its dump is not open': 'kept for the types: the step before makes sure that it is there',
  'the ${missing.join(\' and \')} of the ztunnel: "istioctl ztunnel-config all -o json" has everything':
    'test/server/trace/ztunnel/missingOfZtunnel.test.ts',
  'whose certificate the client presents: give its address with --src': 'test/server/trace/ztunnel/olderZtunnels.test.ts',
};
