import { MemoryStick, ShieldAlert, ShieldCheck } from 'lucide-react'
import type { StorageBadge as Badge } from '../../../shared/contract-vault.ts'
import { t } from '../../texts.ts'
import './storage-badge.css'

/** Less than it looks like, or nothing at all. */
export const isWeak = (level: Badge['level']): boolean => level === 'memory_only' || level === 'passphrase_in_file'

/** What protects the vault, honestly, and how to get one level up (G7). */
export function StorageBadge({ badge, title = 'h2' }: { badge: Badge; title?: 'h2' | 'p' }) {
  const weak = isWeak(badge.level)
  const Icon = badge.level === 'memory_only' ? MemoryStick : weak ? ShieldAlert : ShieldCheck
  const Title = title
  return (
    <div className={title === 'h2' ? 'card pad row storage-badge' : 'row storage-badge'}>
      <span className={weak ? 'storage-sign weak' : 'storage-sign'}>
        <Icon size={20} aria-hidden />
      </span>
      <div className="grow">
        <Title className="storage-title">
          {weak && <span className="hidden-text">{t.protection.weak} </span>}
          {badge.title}
        </Title>
        <p className="muted small break">{badge.sentence}</p>
        {badge.way_up && (
          <p className="muted small break">
            <strong>{t.protection.wayUp}</strong> {badge.way_up}
          </p>
        )}
      </div>
    </div>
  )
}
