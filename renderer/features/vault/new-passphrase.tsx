import { SecretField } from '../../components/field.tsx'
import { t } from '../../texts.ts'
import { strength } from './strength.ts'
import { type TypedPassphrase, typedWrong } from './typed-passphrase.ts'
import './strength.css'

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

interface Props {
  label: string
  againLabel: string
  hint: string
  typed: TypedPassphrase
  onChange: (typed: TypedPassphrase) => void
  /** What is wrong is said when somebody has tried to go on. */
  tried: boolean
  /** What the host says about it. */
  refused?: string | undefined
  autoFocus?: boolean
}

/** A passphrase that is being chosen: twice, with its strength. */
export function NewPassphrase({ label, againLabel, hint, typed, onChange, tried, refused, autoFocus = false }: Props) {
  const wrong = tried ? typedWrong(typed) : null
  const common = { showText: t.vault.show, hideText: t.vault.hide, autoComplete: 'new-password' }
  return (
    <>
      <SecretField
        {...common}
        label={label}
        help={hint}
        error={wrong === 'short' ? t.vault.setup.tooShort : refused}
        value={typed.passphrase}
        onChange={(passphrase) => onChange({ ...typed, passphrase })}
        autoFocus={autoFocus}
      />
      <Strength passphrase={typed.passphrase} />
      <SecretField
        {...common}
        label={againLabel}
        error={wrong === 'different' ? t.vault.setup.different : null}
        value={typed.again}
        onChange={(again) => onChange({ ...typed, again })}
      />
    </>
  )
}
