import { Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { VaultStatus } from '../../../shared/models.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { NewPassphrase } from './new-passphrase.tsx'
import { Threshold } from './threshold.tsx'
import { nothingTyped, typedWrong } from './typed-passphrase.ts'

/** The first screen where no key store answers: a passphrase, why, and what it is for. */
export function Setup({ vault }: { vault: VaultStatus }) {
  const { setup } = t.vault
  const [typed, setTyped] = useState(nothingTyped)
  const [tried, setTried] = useState(false)
  const forget = () => {
    setTyped(nothingTyped)
    setTried(false)
  }
  const create = useSecretCall('vault.setup', forget, keys.vault)

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (typedWrong(typed) === null && !create.isPending) void create.send({ passphrase: typed.passphrase })
  }

  return (
    <Threshold title={setup.title} lead={setup.lead}>
      <ul className="threshold-list">
        {setup.protects.map((text) => (
          <li key={text}>
            <Check size={15} aria-hidden />
            {text}
          </li>
        ))}
      </ul>
      <Note title={setup.why}>
        <p className="break">{vault.reason}</p>
        {vault.remedy && <p className="break">{vault.remedy}</p>}
      </Note>
      <form onSubmit={submit} className="stack" noValidate>
        <NewPassphrase
          label={setup.passphrase}
          againLabel={setup.again}
          hint={setup.hint}
          typed={typed}
          onChange={setTyped}
          tried={tried}
          autoFocus
        />
        <p className="faint small">{setup.warning}</p>
        {create.error !== null && <ErrorNote error={create.error} />}
        <Button look="primary" type="submit" isPending={create.isPending}>
          {setup.submit}
        </Button>
      </form>
    </Threshold>
  )
}
