import { MemoryStick } from 'lucide-react'
import { useVault } from '../../app/queries.ts'
import { t } from '../../texts.ts'

/** Stands above every place of a vault that is not kept: it is open, and there is no way in that lasts. */
export function MemoryWarning() {
  const vault = useVault().data
  if (vault?.state !== 'unlocked' || vault.guards.length > 0) return null
  const texts = t.protection.memory
  return (
    <aside className="memory-only" aria-label={texts.title}>
      <MemoryStick size={15} aria-hidden />
      <strong>{texts.title}.</strong> {texts.text}
    </aside>
  )
}
