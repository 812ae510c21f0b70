import { Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { VaultStatus } from '../../../shared/models.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { Button } from '../../components/button.tsx'
import { SecretField } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { strength } from './strength.ts'
import { Threshold } from './threshold.tsx'

function Strength({ passphrase }: { passphrase: string }) {
  const { strength: words, strengthLabel } = t.vault.setup
  const level = strength(passphrase)
  return (
    <div className={`strength s${level}`}>
      {[1, 2, 3, 4].map((part) => (
        <span key={part} className={part <= level ? 'strength-part on' : 'strength-part'} />
      ))}
      <span className="strength-word" aria-live="polite">
        {passphrase !== '' && (
          <>
            <span className="hidden-text">{strengthLabel}: </span>
            {words[level]}
          </>
        )}
      </span>
    </div>
  )
}

/** The first screen where no key store answers: a passphrase, why, and what it is for. */
export function Setup({ vault }: { vault: VaultStatus }) {
  const { setup } = t.vault
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const forget = () => {
    setPassphrase('')
    setAgain('')
    setTried(false)
  }
  const create = useSecretCall('vault.setup', forget, keys.vault)
  const short = [...passphrase].length < 8
  const different = passphrase !== again

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!short && !different && !create.isPending) void create.send({ passphrase })
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
        <SecretField
          label={setup.passphrase}
          help={setup.hint}
          error={tried && short ? setup.tooShort : null}
          value={passphrase}
          onChange={setPassphrase}
          showText={t.vault.show}
          hideText={t.vault.hide}
          autoComplete="new-password"
          autoFocus
        />
        <Strength passphrase={passphrase} />
        <SecretField
          label={setup.again}
          error={tried && !short && different ? setup.different : null}
          value={again}
          onChange={setAgain}
          showText={t.vault.show}
          hideText={t.vault.hide}
          autoComplete="new-password"
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
