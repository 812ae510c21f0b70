import { ScrollText } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Bone, Empty } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { Entries } from '../activity/entries.tsx'
import { useActivity } from '../activity/use-activity.ts'

/** What happened with this account. */
export function AccountActivity({ id }: { id: string }) {
  const log = useActivity({ account: id }, 50)
  if (log.isError) return <ErrorNote error={log.error} />
  if (!log.data) return <Bone height={220} />
  const entries = log.data.pages.flat()
  if (entries.length === 0) return <Empty icon={ScrollText} title={t.account.activity.empty} />
  return (
    <div className="stack gap">
      <Entries entries={entries} oneAccount />
      {log.hasNextPage && (
        <div className="activity-more">
          <Button isPending={log.isFetchingNextPage} onPress={() => void log.fetchNextPage()}>
            {t.activity.older}
          </Button>
        </div>
      )}
    </div>
  )
}
