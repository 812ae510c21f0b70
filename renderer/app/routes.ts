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
  activity: '/activity',
  activityOf: (id: string) => `/activity/${encodeURIComponent(id)}`,
  playground: '/playground',
  playgroundWith: (id: string) => `/playground/${encodeURIComponent(id)}`,
  settings: '/settings',
}

/** The same for an `href`: the page lives behind the hash, on app:// as over HTTP. */
export const href = (path: string): string => `#${path}`
