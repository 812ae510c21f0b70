import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { GuardKind, Slot, VaultDetails } from '../../../shared/contract-vault.ts'
import { keys, useCall } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { AddPassphrase, ChangePassphrase } from './passphrase-dialogs.tsx'

const nameOf = (kind: GuardKind): string => t.vault.guards[kind] ?? kind

function SlotState({ slot }: { slot: Slot }) {
  const texts = t.protection.ways
  if (slot.usable === null) return <span className="chip">{texts.yours}</span>
  return slot.usable ? (
    <span className="chip good">{texts.usable}</span>
  ) : (
    <span className="chip soon">{texts.unusable}</span>
  )
}

function RemoveDialog({ slot, onClose }: { slot: Slot; onClose: () => void }) {
  const texts = t.protection.ways
  const remove = useCall('vault.remove_guard', [keys.protection, keys.vault])
  const name = nameOf(slot.kind)
  return (
    <Confirm
      isOpen
      danger
      title={texts.askTitle(name)}
      submit={texts.askSubmit}
      pending={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { kind: slot.kind },
          {
            onSuccess: () => {
              onClose()
              tell(texts.removed(name))
            },
          },
        )
      }
    >
      <p>{slot.kind === 'passphrase' ? texts.askPassphrase : texts.askKeyStore}</p>
      <p>{texts.askKept}</p>
      {remove.isError && <ErrorNote error={remove.error} />}
    </Confirm>
  )
}

/** What opens the vault: the slots, as disk encryption calls them. */
export function WaysIn({ details }: { details: VaultDetails }) {
  const texts = t.protection.ways
  const [dialog, setDialog] = useState<'add' | 'change' | Slot | null>(null)
  const add = useCall('vault.add_guard', [keys.protection, keys.vault])
  const close = () => setDialog(null)
  const { slots, addable } = details
  return (
    <section className="card pad stack" aria-labelledby="ways-in">
      <div>
        <h2 id="ways-in">{texts.title}</h2>
        <p className="muted small">{texts.help}</p>
      </div>
      <ul className="vault-list" aria-label={texts.list}>
        {slots.map((slot) => (
          <li key={slot.kind}>
            <KeyRound size={18} aria-hidden className="faint" />
            <div className="grow">
              <div className="vault-name">
                {nameOf(slot.kind)}
                <SlotState slot={slot} />
              </div>
              <p className="faint small">
                {texts.since} <Moment at={slot.created_at} />
                {slot.updated_at !== slot.created_at && (
                  <>
                    , {texts.changed} <Moment at={slot.updated_at} />
                  </>
                )}
              </p>
              {slot.note && <p className="muted small break">{slot.note}</p>}
            </div>
            {slot.kind === 'passphrase' && (
              <Button size="s" aria-label={texts.changeLabel} onPress={() => setDialog('change')}>
                {texts.change}
              </Button>
            )}
            {slots.length > 1 && (
              <Button size="s" aria-label={texts.removeLabel(nameOf(slot.kind))} onPress={() => setDialog(slot)}>
                {texts.remove}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {slots.length === 1 && <p className="faint small">{texts.last}</p>}
      {addable.length > 0 && (
        <div className="row wrap">
          {addable.map((kind) =>
            kind === 'passphrase' ? (
              <Button key={kind} icon={Plus} onPress={() => setDialog('add')}>
                {texts.addPassphrase}
              </Button>
            ) : (
              <Button
                key={kind}
                icon={Plus}
                isPending={add.isPending && add.variables.kind === kind}
                onPress={() => add.mutate({ kind }, { onSuccess: () => tell(texts.added(nameOf(kind))) })}
              >
                {texts.add(nameOf(kind))}
              </Button>
            ),
          )}
        </div>
      )}
      {add.isError && <ErrorNote error={add.error} />}
      {dialog === 'add' && <AddPassphrase onClose={close} />}
      {dialog === 'change' && <ChangePassphrase onClose={close} />}
      {dialog !== null && typeof dialog === 'object' && <RemoveDialog slot={dialog} onClose={close} />}
    </section>
  )
}
