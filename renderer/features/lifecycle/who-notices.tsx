import { useQueries } from '@tanstack/react-query'
import type { Effects } from '../../../shared/contract-records.ts'
import { keys } from '../../app/queries.ts'
import { call } from '../../client.ts'
import { Bone } from '../../components/empty.tsx'
import { t } from '../../texts.ts'
import { stopsText, usageDays } from '../account/usage-text.ts'

/** More accounts are asked about by nobody in one question. */
const most = 50

/** Who uses the accounts that are about to be disconnected: they notice. */
export function WhoNotices({ accounts }: { accounts: Effects['accounts'] }) {
  const usages = useQueries({
    queries: accounts.slice(0, most).map(({ id }) => ({
      queryKey: [...keys.usage, id, usageDays],
      queryFn: () => call('accounts.usage', { account: id, days: usageDays }),
      retry: false,
    })),
  })
  if (accounts.length === 0) return null
  if (usages.some((it) => it.isPending)) return <Bone width="80%" height={18} />
  const known = usages.flatMap((it) => it.data ?? [])
  return (
    <section aria-label={t.usage.title} className="who-notices">
      <h3>{t.usage.title}</h3>
      {known.length > 0 && stopsText(known).map((sentence) => <p key={sentence}>{sentence}</p>)}
      {(known.length < usages.length || accounts.length > most) && <p>{t.usage.unknown}</p>}
    </section>
  )
}
