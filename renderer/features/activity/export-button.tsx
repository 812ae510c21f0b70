import { Download } from 'lucide-react'
import type { ActivityFilter } from '../../../shared/contract-apps.ts'
import { useCall } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { saveFile } from '../../components/save-file.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'

/** What the filters leave, as a file of JSON lines. */
export function ExportButton({ filter }: { filter: ActivityFilter }) {
  const texts = t.activity.exporting
  const make = useCall('activity.export')
  return (
    <Button
      icon={Download}
      isPending={make.isPending}
      onPress={() =>
        make.mutate(filter, {
          onSuccess: ({ text, entries, complete }) => {
            if (entries === 0) return tell(texts.nothing, 'calm')
            saveFile(`latchkey-activity-${new Date().toISOString().slice(0, 10)}.jsonl`, text, 'application/jsonl')
            tell(complete ? texts.done(entries) : texts.partly(entries), complete ? 'good' : 'calm')
          },
          onError: (error) => tell(errorOf(error).message, 'bad'),
        })
      }
    >
      {texts.button}
    </Button>
  )
}
