import { CopyPlus, Ellipsis, FileDown, FileUp, Pencil, Plus, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Provider } from '../../../shared/models.ts'
import { keys, useCall, useRegistrations } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { ActionMenu } from '../../components/menu.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { ExportDialog } from './export-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'

const touched = [keys.providers, ['provider'], keys.routes, keys.activity]

export function OriginChip({ provider }: { provider: Provider }) {
  const tone = provider.origin === 'catalogue' ? 'chip' : 'chip accent'
  return <span className={tone}>{t.providersEdit.origins[provider.origin]}</span>
}

function Remove({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const texts = t.providersEdit.removing
  const [, navigate] = useLocation()
  const restores = provider.origin === 'changed'
  const users = (useRegistrations().data ?? []).filter((it) => it.provider_id === provider.id)
  const remove = useCall('providers.remove', touched)
  return (
    <Confirm
      isOpen
      danger={!restores}
      title={restores ? texts.restoreTitle(provider.name) : texts.title(provider.name)}
      submit={restores ? texts.restoreSubmit : texts.submit}
      pending={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { id: provider.id },
          {
            onSuccess: () => {
              tell(restores ? texts.restored(provider.name) : texts.removed(provider.name))
              onClose()
              if (!restores) navigate(paths.providers)
            },
          },
        )
      }
    >
      {!restores && users.length > 0 && (
        <Note tone="soon" title={texts.used(users.length)}>
          <p className="break">{users.map(({ name }) => name).join(', ')}</p>
        </Note>
      )}
      <p>{restores ? texts.restoreText : texts.text}</p>
      {remove.isError && <ErrorNote error={remove.error} />}
    </Confirm>
  )
}

/** What can be done with one provider's definition. */
export function ProviderActions({ provider }: { provider: Provider }) {
  const texts = t.providersEdit
  const [, navigate] = useLocation()
  const [asked, ask] = useState<'export' | 'remove' | null>(null)
  const duplicate = useCall('providers.duplicate', touched)
  const shipped = provider.origin === 'catalogue'
  function copy() {
    duplicate.mutate(
      { id: provider.id },
      {
        onSuccess: (made) => {
          tell(texts.duplicated(made.provider.name))
          navigate(paths.editProvider(made.provider.id))
        },
        onError: (error) => tell(errorOf(error).message, 'bad'),
      },
    )
  }
  return (
    <>
      <ActionMenu
        label={texts.more}
        icon={Ellipsis}
        groups={[
          [
            {
              id: 'edit',
              text: texts.edit,
              icon: Pencil,
              run: () => navigate(paths.editProvider(provider.id)),
            },
            { id: 'duplicate', text: texts.duplicate, icon: CopyPlus, run: copy },
            { id: 'export', text: texts.exportOne, icon: FileDown, run: () => ask('export') },
          ],
          shipped
            ? []
            : [
                {
                  id: 'remove',
                  text: provider.origin === 'changed' ? texts.restore : texts.remove,
                  icon: provider.origin === 'changed' ? RotateCcw : Trash2,
                  danger: provider.origin === 'own',
                  run: () => ask('remove'),
                },
              ],
        ]}
      />
      {asked === 'export' && <ExportDialog provider={provider} onClose={() => ask(null)} />}
      {asked === 'remove' && <Remove provider={provider} onClose={() => ask(null)} />}
    </>
  )
}

/** What can be done with providers as a whole. */
export function ProvidersActions({ providers }: { providers: Provider[] }) {
  const texts = t.providersEdit
  const [, navigate] = useLocation()
  const [asked, ask] = useState<'export' | 'import' | null>(null)
  const own = providers.some(({ origin }) => origin !== 'catalogue')
  return (
    <>
      <ActionMenu
        label={texts.more}
        icon={Ellipsis}
        groups={[
          [
            { id: 'import', text: texts.import, icon: FileUp, run: () => ask('import') },
            { id: 'export', text: texts.exportAll, icon: FileDown, disabled: !own, run: () => ask('export') },
          ],
        ]}
      />
      <Button look="primary" icon={Plus} onPress={() => navigate(paths.newProvider)}>
        {texts.newProvider}
      </Button>
      {asked === 'export' && <ExportDialog provider={null} onClose={() => ask(null)} />}
      {asked === 'import' && <ImportDialog onClose={() => ask(null)} />}
    </>
  )
}
