import { ScrollText, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { useDebounced } from '../../components/debounced.ts'
import { Bone, Empty } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { t } from '../../texts.ts'
import { activityFilter, type FilterDraft, isNarrowed, noFilter } from './activity-filter.ts'
import { Entries } from './entries.tsx'
import { ExportButton } from './export-button.tsx'
import { Filters } from './filters.tsx'
import { useActivity } from './use-activity.ts'
import './activity.css'

interface Props {
  account: string | null
  app: string | null
}

/** What happened and who did it, narrowed by the host: there is more of it than a page could hold. */
export function Activity({ account, app }: Props) {
  const texts = t.activity
  const [, navigate] = useLocation()
  const now = useNow('slow')
  const [draft, setDraft] = useState<FilterDraft>(noFilter)
  const search = useDebounced(draft.search)
  const host = useDebounced(draft.host)
  const filter = activityFilter({ ...draft, search, host }, { account, app }, now)
  const log = useActivity(filter, 100)
  const entries = useMemo(() => log.data?.pages.flat() ?? [], [log.data])
  const filtered = isNarrowed(draft) || account !== null || app !== null
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
        <ExportButton filter={filter} />
      </header>
      <Filters
        account={account}
        app={app}
        draft={draft}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      {log.isError && <ErrorNote error={log.error} />}
      {log.isPending && (
        <div className="stack" role="status" aria-label={t.common.loading}>
          <Bone width={90} />
          <Bone height={220} />
        </div>
      )}
      {log.data && entries.length === 0 && (
        <Empty icon={filtered ? SearchX : ScrollText} title={filtered ? texts.emptyFiltered : texts.empty}>
          {filtered && (
            <Button
              onPress={() => {
                setDraft(noFilter)
                if (account !== null || app !== null) navigate(paths.activity)
              }}
            >
              {texts.clear}
            </Button>
          )}
        </Empty>
      )}
      <div className={log.isPlaceholderData ? 'activity-stale' : undefined}>
        <Entries entries={entries} />
      </div>
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
