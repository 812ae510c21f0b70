import { Plus } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Chips } from '../../components/chips.tsx'
import { Field } from '../../components/field.tsx'
import { Segments } from '../../components/segments.tsx'
import { t } from '../../texts.ts'
import { covers, isHost, type PermissionDraft } from './permission-draft.ts'

interface Props {
  draft: PermissionDraft
  /** The hosts of the account's destination policy. */
  policy: string[]
  onChange: (change: Partial<PermissionDraft>) => void
  error: string | null
}

/** All hosts of the account, or some of them; never more than the account has. */
export function HostFields({ draft, policy, onChange, error }: Props) {
  const texts = t.apps.fields
  const [typed, setTyped] = useState('')
  const [refused, refuse] = useState(false)
  // Once offered, a host stays to be pressed again.
  const [added, setAdded] = useState<string[]>(draft.hosts)
  const hosts = [...new Set([...added, ...policy])]

  function add() {
    const host = typed.trim().toLowerCase()
    if (host === '') return
    if (!isHost(host)) return refuse(true)
    setAdded((before) => [...new Set([...before, host])])
    onChange({ hosts: [...new Set([...draft.hosts, host])] })
    setTyped('')
    refuse(false)
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }
  return (
    <div className="stack">
      <Segments
        label={texts.hosts}
        choices={[
          { id: 'all', text: texts.allHosts },
          { id: 'some', text: texts.someHosts },
        ]}
        value={draft.hostWay}
        onChange={(hostWay) => onChange({ hostWay })}
      />
      {draft.hostWay === 'some' && (
        <>
          {hosts.length > 0 && (
            <Chips
              mono
              label={texts.hosts}
              choices={hosts.map((host) => ({
                id: host,
                text: host,
                note: policy.length > 0 && !policy.some((wide) => covers(wide, host)) ? texts.outside : undefined,
              }))}
              value={draft.hosts}
              onChange={(chosen) => onChange({ hosts: chosen })}
            />
          )}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field is the button beside it. */}
          <div className="host-add" onKeyDown={onKeyDown}>
            <Field
              label={texts.addHost}
              optional
              mono
              value={typed}
              onChange={(value) => {
                setTyped(value)
                refuse(false)
              }}
              placeholder="api.example.com"
              spellCheck="false"
              autoComplete="off"
              error={refused ? texts.errors.host : null}
            />
            <Button icon={Plus} onPress={add} isDisabled={typed.trim() === ''}>
              {texts.add}
            </Button>
          </div>
          {error && (
            <p className="field-error" role="alert">
              {error}
            </p>
          )}
        </>
      )}
    </div>
  )
}
