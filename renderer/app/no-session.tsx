import { CopyLine } from '../components/copy.tsx'
import { Threshold } from '../features/vault/threshold.tsx'
import { t } from '../texts.ts'

/** A browser that was not let in. It says where the key is and shows nothing else. */
export function NoSession() {
  const { session } = t
  return (
    <Threshold title={session.title} lead={session.text}>
      <div className="stack">
        <p className="muted">{session.steps}</p>
        <CopyLine text={session.command} label={session.command} />
        <p className="muted">{session.or}</p>
        <CopyLine text={session.checkoutCommand} label={session.checkoutCommand} />
        <p className="faint small">{session.used}</p>
      </div>
    </Threshold>
  )
}
