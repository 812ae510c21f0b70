/** Where each place is. Ids are encoded: an account's may hold any character. */
export const paths = {
  accounts: '/',
  account: (id: string, tab?: string) => `/accounts/${encodeURIComponent(id)}${tab ? `/${tab}` : ''}`,
  providers: '/providers',
  provider: (id: string) => `/providers/${encodeURIComponent(id)}`,
  /** No provider's id begins with an underscore. */
  newProvider: '/providers/_new',
  editProvider: (id: string) => `/providers/_edit/${encodeURIComponent(id)}`,
  webhooks: '/webhooks',
  webhook: (id: string) => `/webhooks/${encodeURIComponent(id)}`,
  apps: '/apps',
  app: (id: string) => `/apps/${encodeURIComponent(id)}`,
  /** No app's id is `asks`. The same path is in links (electron/shell/deep-links.ts) and notifications. */
  ask: (id: string) => `/apps/asks/${encodeURIComponent(id)}`,
  activity: '/activity',
  activityOf: (id: string) => `/activity/${encodeURIComponent(id)}`,
  activityOfApp: (id: string) => paths.activityWith(null, id),
  /** No account's id is an underscore. */
  activityWith: (account: string | null, app: string | null): string =>
    app === null
      ? account === null
        ? paths.activity
        : paths.activityOf(account)
      : `/activity/${account === null ? '_' : encodeURIComponent(account)}/${encodeURIComponent(app)}`,
  playground: '/playground',
  playgroundWith: (id: string) => `/playground/${encodeURIComponent(id)}`,
  settings: '/settings',
  vault: '/settings/vault',
}

/** The same for an `href`: the page lives behind the hash, on app:// as over HTTP. */
export const href = (path: string): string => `#${path}`

/**
 * What counts as one place: going on inside it keeps what was written and scrolled. An account's tabs, the log with its
 * filters, the list of apps with an ask's sheet over it.
 */
export function placeOf(path: string): string {
  const [first = '', second = ''] = path.split('/').slice(1)
  if (first === 'activity' || (first === 'apps' && second === 'asks')) return `/${first}`
  return second === '' ? `/${first}` : `/${first}/${second}`
}
