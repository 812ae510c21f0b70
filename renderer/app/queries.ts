import { QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Input, Method, Output } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { call } from '../client.ts'
import { nextChange } from '../features/accounts/need.ts'
import { loadAccounts } from './load-accounts.ts'

/** Keys begin with the thing, so that an event can say "everything about this account". */
export const keys = {
  vault: ['vault'] as const,
  /** Known of an open vault alone, unlike `vault`. */
  protection: ['protection'] as const,
  profiles: ['profiles'] as const,
  info: ['info'] as const,
  providers: ['providers'] as const,
  registrations: ['registrations'] as const,
  accounts: ['accounts'] as const,
  account: (id: string) => ['account', id] as const,
  inspection: (id: string) => ['account', id, 'inspection'] as const,
  flow: (id: string) => ['flow', id] as const,
  activity: ['activity'] as const,
  practice: ['practice'] as const,
  provider: (id: string) => ['provider', id] as const,
  webhooks: ['webhooks'] as const,
  apps: ['apps'] as const,
  asks: ['asks'] as const,
  ask: (reference: string) => ['asks', reference] as const,
  bindings: ['bindings'] as const,
  usage: ['usage'] as const,
  limits: ['activity-limits'] as const,
  routes: ['routes'] as const,
  egress: ['egress'] as const,
}

export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // Events say what changed; time alone makes nothing stale.
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        // The host is on this machine, whatever the network does.
        networkMode: 'always',
        retry: (count, error) => count < 2 && error instanceof LatchkeyError && error.code === 'internal',
      },
      // What was sent may hold a client secret: it goes with the form that sent it.
      mutations: { networkMode: 'always', gcTime: 0 },
    },
  })
  const relock = (error: unknown) => {
    if (!(error instanceof LatchkeyError)) return
    if (error.code === 'locked') void client.invalidateQueries({ queryKey: keys.vault })
    if (error.code === 'unauthenticated') void client.resetQueries({ queryKey: keys.vault })
  }
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'error') return
    if (event.query.queryKey[0] !== keys.vault[0]) relock(event.action.error)
  })
  client.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') relock(event.action.error)
  })
  return client
}

export const useVault = () => useQuery({ queryKey: keys.vault, queryFn: () => call('vault.status', {}) })
/** Its backups and a rotation change without an event: every screen that shows it asks, and looks while one is running. */
export const useProtection = () =>
  useQuery({
    queryKey: keys.protection,
    queryFn: () => call('vault.details', {}),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data?.rotation.running ? 2000 : false),
  })
export const useProfiles = () =>
  useQuery({ queryKey: keys.profiles, queryFn: () => call('profiles.list', {}), refetchOnMount: 'always' })
export const useInfo = () => useQuery({ queryKey: keys.info, queryFn: () => call('app.info', {}) })
export const useProviders = () => useQuery({ queryKey: keys.providers, queryFn: () => call('providers.list', {}) })
/** No event says that it was started: every screen that shows it asks. */
export const usePractice = () =>
  useQuery({ queryKey: keys.practice, queryFn: () => call('practice.get', {}), refetchOnMount: 'always' })

export const useProviderRecord = (id: string) =>
  useQuery({ queryKey: keys.provider(id), queryFn: () => call('providers.get', { id }) })
export const useRoutes = () => useQuery({ queryKey: keys.routes, queryFn: () => call('network.routes', {}) })
export const useEgress = () => useQuery({ queryKey: keys.egress, queryFn: () => call('network.egress', {}) })
/** No event tells of refused deliveries: every screen that counts them asks. */
export const useWebhooks = () =>
  useQuery({ queryKey: keys.webhooks, queryFn: () => call('webhooks.endpoints', {}), refetchOnMount: 'always' })

/** No event tells of their use: every screen that shows it asks. */
export const useApps = () =>
  useQuery({ queryKey: keys.apps, queryFn: () => call('apps.list', {}), refetchOnMount: 'always' })
export const useAsks = () =>
  useQuery({
    queryKey: keys.asks,
    queryFn: () => call('asks.list', {}),
    // One that nobody answers ends without an event.
    refetchInterval: ({ state }) => (state.data?.some((ask) => ask.state === 'waiting') ? 30_000 : false),
  })
export const useBindings = () => useQuery({ queryKey: keys.bindings, queryFn: () => call('bindings.list', {}) })
export const useUsage = (account: string, days: number) =>
  useQuery({
    queryKey: [...keys.usage, account, days],
    queryFn: () => call('accounts.usage', { account, days }),
    refetchOnMount: 'always',
  })

export const useRegistrations = () =>
  useQuery({ queryKey: keys.registrations, queryFn: () => call('registrations.list', {}) })

export const useAccounts = () =>
  useQuery({
    queryKey: keys.accounts,
    queryFn: ({ client }) =>
      loadAccounts(
        (page) => call('accounts.list', page),
        (first) => {
          // Renewing a list that is there already shows nothing half.
          if (client.getQueryData(keys.accounts) === undefined) client.setQueryData(keys.accounts, first)
        },
      ),
    // A token ends without an event: look again when the next one does.
    refetchInterval: ({ state }) => (state.data ? nextChange(state.data, Date.now()) : false),
  })

export function useAccount(id: string) {
  const client = useQueryClient()
  return useQuery({
    queryKey: keys.account(id),
    queryFn: () => call('accounts.get', { account: id }),
    placeholderData: () => client.getQueryData<Output<'accounts.list'>>(keys.accounts)?.find((it) => it.id === id),
    refetchInterval: ({ state }) => (state.data ? nextChange([state.data], Date.now()) : false),
  })
}

export const useInspection = (id: string) =>
  useQuery({ queryKey: keys.inspection(id), queryFn: () => call('accounts.inspect', { account: id }) })

export const flowQuery = (id: string) =>
  queryOptions({ queryKey: keys.flow(id), queryFn: () => call('connect.get', { flow: id }) })

/** A call that changes something. `touches` is renewed afterwards, before the promise of the mutation resolves. */
export function useCall<M extends Method>(method: M, touches: readonly (readonly string[])[] = []) {
  const client = useQueryClient()
  return useMutation<Output<M>, Error, Input<M>>({
    mutationFn: (input) => call(method, input),
    onSuccess: () => Promise.all(touches.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
