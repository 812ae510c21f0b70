import { ScrollText, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useAccounts } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Bone, Empty } from '../../components/empty.tsx'
import { SearchField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { sortAccounts } from '../accounts/need.ts'
import { entryFits, looks } from './activity-look.ts'
import { Entries } from './entries.tsx'
import { useActivity } from './use-activity.ts'

const all = 'all'

/** What happened, with filters. */
export function Activity({ account }: { account: string | null }) {
  const texts = t.activity
  const [, navigate] = useLocation()
  const accounts = useAccounts().data ?? []
  const log = useActivity(account, 100)
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState(all)
  const entries = useMemo(() => log.data?.pages.flat() ?? [], [log.data])
  const shown = useMemo(
    () => entries.filter((entry) => (kind === all || entry.kind === kind) && entryFits(entry, search.trim())),
    [entries, kind, search],
  )
  const filtered = search.trim() !== '' || kind !== all
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
      </header>
      <div className="activity-tools">
        <div className="grow">
          <SearchField label={texts.search} value={search} onChange={setSearch} />
        </div>
        <Select
          bare
          label={texts.account}
          className="activity-filter"
          value={account ?? all}
          onChange={(id) => navigate(id === all ? paths.activity : paths.activityOf(id))}
          choices={[
            { id: all, text: texts.allAccounts },
            ...sortAccounts(accounts, 'name').map(({ id, alias }) => ({ id, text: alias })),
          ]}
        />
        <Select
          bare
          label={texts.kind}
          className="activity-filter"
          value={kind}
          onChange={setKind}
          choices={[
            { id: all, text: texts.allKinds },
            ...(Object.keys(looks) as (keyof typeof looks)[]).map((id) => ({ id, text: texts.kinds[id] })),
          ]}
        />
      </div>
      {log.isError && <ErrorNote error={log.error} />}
      {log.isPending && (
        <div className="stack" role="status" aria-label={t.common.loading}>
          <Bone width={90} />
          <Bone height={220} />
        </div>
      )}
      {log.data && shown.length === 0 && (
        <Empty icon={filtered ? SearchX : ScrollText} title={filtered ? texts.emptyFiltered : texts.empty}>
          {filtered && (
            <Button
              onPress={() => {
                setSearch('')
                setKind(all)
              }}
            >
              {texts.clear}
            </Button>
          )}
        </Empty>
      )}
      <Entries entries={shown} />
      {log.hasNextPage && (
        <div className="activity-more">
          <Button isPending={log.isFetchingNextPage} onPress={() => void log.fetchNextPage()}>
            {texts.older}
          </Button>
        </div>
      )}
    </div>
  )
}
