import { NotFound } from '../../app/not-found.tsx'
import { useProviderRecord } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Bone } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { Editor } from './editor.tsx'

/** A provider that is here, to be changed. */
export function EditProvider({ id }: { id: string }) {
  const record = useProviderRecord(id)
  if (record.isError && !record.data) {
    if (errorOf(record.error).code === 'not_found') return <NotFound />
    return (
      <div className="page">
        <ErrorNote error={record.error} />
      </div>
    )
  }
  if (!record.data) {
    return (
      <div className="page stack" role="status" aria-label={t.common.loading}>
        <Bone width={80} />
        <Bone height={56} />
        <Bone height={320} />
      </div>
    )
  }
  const { provider, definition } = record.data
  return (
    <Editor
      draft={definition}
      isNew={false}
      title={t.providersEdit.titleEdit(provider.name)}
      note={null}
      warnings={provider.origin === 'catalogue' ? [{ field: null, message: t.providersEdit.changesCatalogue }] : []}
    />
  )
}
