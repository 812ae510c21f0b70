import type { Usage } from '../../../shared/contract-apps.ts'
import { isolated } from '../../components/plain-text.ts'
import { t } from '../../texts.ts'

/** The span that every screen speaks of. */
export const usageDays = 30

/** Names in a sentence; the rest is counted. */
const named = 5

type Use = Pick<Usage['users'][number]['uses'][number], 'method' | 'host' | 'path'>

/** "GET gmail.googleapis.com/gmail/v1/users" */
export const placeText = ({ method, host, path }: Use): string =>
  [method, `${host ?? ''}${path ?? ''}`].filter((it) => it !== null && it !== '').join(' ')

function names(all: string[]): string[] {
  const first = all.slice(0, named).map(isolated)
  return all.length > named ? [...first, t.usage.stopsMore(all.length - named)] : first
}

/**
 * Who would notice that these accounts are gone, in sentences: who used them lately, who may besides, and what cannot be
 * told.
 */
export function stopsText(usages: readonly Usage[]): string[] {
  const texts = t.usage
  const users = new Map(usages.flatMap((it) => it.users.map((user) => [user.app_id ?? user.actor, user.name] as const)))
  const may = new Map(
    usages.flatMap((it) => it.permitted.filter((app) => !users.has(app.app_id)).map((app) => [app.app_id, app.name])),
  )
  const days = usages[0]?.days ?? usageDays
  return [
    users.size > 0 ? texts.stops(names([...users.values()]), days) : texts.stopsNone(days),
    ...(may.size > 0 ? [texts.stopsPermitted(names([...may.values()]))] : []),
    ...(usages.some((it) => !it.complete) ? [texts.stopsIncomplete] : []),
  ]
}
