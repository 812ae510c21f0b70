const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`
const and = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** Who uses an account, for what, and which hosts lead to it. */
export const usage = {
  lead: (days: number) => `Who used this account in the last ${days} days, and who would notice if it were gone.`,
  none: (days: number) => `Nobody used it in the last ${days} days.`,
  users: 'Used by',
  times: (n: number) => count(n, 'time', 'times'),
  failed: (n: number) => `${n.toLocaleString('en')} failed`,
  incomplete: 'Not everything is known',
  incompleteText:
    'Somebody got access tokens of this account. What these were used for does not pass through Latchkey, so it is not in this list.',
  uses: {
    see: 'Looked at it',
    request: 'Sent requests',
    token: 'Got access tokens',
    manage: 'Managed it',
    connect: 'Started a sign-in',
  },
  permitted: 'Who may use it',
  permittedLead: 'Apps with a permission, whether they used it or not.',
  permittedNone: 'No app has a permission on it.',
  usedNot: 'not in this time',
  rights: { see: 'see', request: 'requests', token: 'tokens', manage: 'manage', connect: 'sign-in' },
  scopes: 'Scopes and their use',
  scopesNone: 'No scope was granted.',
  scopeStates: { used: 'Used', unused: 'Not used', unknown: 'Unknown' },
  unusedNote: (n: number, days: number) =>
    `${count(n, 'scope was', 'scopes were')} asked for but not used in ${days} days. Sign in again with fewer to give them up.`,
  unknownHelp: 'The provider’s description does not say which requests need these, so their use cannot be told.',
  bindings: 'Hosts that lead here',
  bindingsLead: 'Requests to these hosts use this account when a program names none.',
  bindingsNone: 'No host is bound to this account.',
  bindHost: 'Host',
  bind: 'Bind',
  bound: (host: string) => `Requests to ${host} use this account.`,
  boundElsewhere: (host: string, alias: string) => `${host} leads to ${alias} now. Binding it here takes it over.`,
  unbind: (host: string) => `Unbind ${host}`,
  unbound: (host: string) => `${host} leads nowhere now.`,
  hostMissing: 'Write a host such as api.example.com.',
  /** In the questions before an account is disconnected. */
  stops: (names: string[], days: number) => `Used in the last ${days} days by ${and.format(names)}.`,
  stopsMore: (n: number) => count(n, 'other', 'others'),
  stopsNone: (days: number) => `Nobody used it in the last ${days} days.`,
  stopsPermitted: (names: string[]) => `${and.format(names)} may use it too.`,
  stopsIncomplete: 'Tokens were handed out as well: what they are used for cannot be told.',
  title: 'Who notices',
  unknown: 'Latchkey could not find out everybody who uses it.',
}
