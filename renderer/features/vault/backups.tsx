import { Archive } from 'lucide-react'
import { useState } from 'react'
import type { Backup } from '../../../shared/contract-vault.ts'
import { keys, useCall } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Moment } from '../../components/time.tsx'
import { absolute, bytes } from '../../components/time-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'

function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const texts = t.protection.backups
  const restore = useCall('vault.restore', [keys.vault])
  return (
    <Confirm
      isOpen
      danger
      title={texts.askTitle}
      submit={texts.submit}
      pending={restore.isPending}
      onClose={onClose}
      onConfirm={() =>
        restore.mutate(
          { name: backup.name },
          {
            onSuccess: ({ kept_as }) => {
              onClose()
              tell(texts.restored(kept_as))
            },
          },
        )
      }
    >
      <p>{texts.ask(absolute(backup.at))}</p>
      <p>{texts.askKept}</p>
      <p>{texts.askLocks}</p>
      <p>{texts.askTokens}</p>
      {restore.isError && <ErrorNote error={restore.error} />}
    </Confirm>
  )
}

/** Copies of the whole vault, and the way back to one. */
export function Backups({ backups }: { backups: Backup[] }) {
  const texts = t.protection.backups
  const [chosen, choose] = useState<Backup | null>(null)
  const make = useCall('vault.back_up', [keys.protection])
  return (
    <section className="card pad stack" aria-labelledby="backups">
      <div className="setting">
        <div className="grow">
          <h2 id="backups">{texts.title}</h2>
          <p className="muted small">{texts.help}</p>
        </div>
        <Button
          icon={Archive}
          isPending={make.isPending}
          onPress={() => make.mutate({}, { onSuccess: () => tell(texts.made) })}
        >
          {texts.make}
        </Button>
      </div>
      {make.isError && <ErrorNote error={make.error} />}
      {backups.length === 0 ? (
        <p className="faint small">{texts.empty}</p>
      ) : (
        <ul className="vault-list" aria-label={texts.list}>
          {backups.map((backup) => (
            <li key={backup.name}>
              <div className="grow">
                <div className="vault-name">
                  <Moment at={backup.at} />
                  <span className="faint small numbers">{bytes(backup.bytes)}</span>
                </div>
                <p className="faint small break">
                  <code>{backup.name}</code>
                </p>
              </div>
              <Button size="s" aria-label={texts.restoreLabel(absolute(backup.at))} onPress={() => choose(backup)}>
                {texts.restore}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen !== null && <RestoreDialog backup={chosen} onClose={() => choose(null)} />}
    </section>
  )
}
