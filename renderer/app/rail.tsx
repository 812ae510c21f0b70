import {
  Activity,
  AppWindow,
  Boxes,
  LockKeyholeOpen,
  type LucideIcon,
  Search,
  Settings2,
  SquareTerminal,
  UsersRound,
  Webhook,
} from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import { Latch } from '../components/mark.tsx'
import { useNow } from '../components/now.ts'
import { needsYou } from '../features/accounts/need.ts'
import { waitingAsks } from '../features/apps/waiting.ts'
import { isWeak } from '../features/vault/storage-badge.tsx'
import { t } from '../texts.ts'
import { useAccounts, useAsks, useProtection, useVault } from './queries.ts'
import { href, paths } from './routes.ts'
import './rail.css'

export const places: { path: string; text: string; icon: LucideIcon; under: string }[] = [
  { path: paths.accounts, text: t.nav.accounts, icon: UsersRound, under: '/accounts' },
  { path: paths.providers, text: t.nav.providers, icon: Boxes, under: '/providers' },
  { path: paths.apps, text: t.apps.title, icon: AppWindow, under: '/apps' },
  { path: paths.webhooks, text: t.webhooks.title, icon: Webhook, under: '/webhooks' },
  { path: paths.activity, text: t.nav.activity, icon: Activity, under: '/activity' },
  { path: paths.playground, text: t.nav.playground, icon: SquareTerminal, under: '/playground' },
  { path: paths.settings, text: t.nav.settings, icon: Settings2, under: '/settings' },
]

const paletteKeys = /mac/i.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

export function Rail({ onSearch }: { onSearch: () => void }) {
  const [location] = useLocation()
  const accounts = useAccounts()
  const vault = useVault()
  const badge = useProtection().data?.badge
  const asks = useAsks()
  const now = useNow('slow')
  const problems = (accounts.data ?? []).filter(needsYou).length
  const waiting = waitingAsks(asks.data ?? [], now).length
  const counts: Record<string, { count: number; text: string }> = {
    [paths.accounts]: { count: problems, text: t.nav.problems(problems) },
    [paths.apps]: { count: waiting, text: t.apps.waitingCount(waiting) },
  }
  return (
    <header className="rail">
      <div className="rail-brand">
        <Latch size={26} />
        <span className="rail-name">{t.app}</span>
      </div>
      <Button className="rail-search" onPress={onSearch} aria-label={t.palette.open} aria-keyshortcuts="Control+K">
        <Search size={15} aria-hidden />
        <span className="rail-text">{t.palette.open}</span>
        <kbd>{paletteKeys}</kbd>
      </Button>
      <nav aria-label={t.nav.label}>
        <ul>
          {places.map(({ path, text, icon: Icon, under }) => {
            const counted = counts[path]
            const here = location === path || location === under || location.startsWith(`${under}/`)
            return (
              <li key={path}>
                <a href={href(path)} className="rail-link" aria-current={here ? 'page' : undefined} title={text}>
                  <Icon size={17} aria-hidden />
                  <span className="rail-text">{text}</span>
                  {counted && counted.count > 0 && (
                    <span className="rail-count">
                      <span aria-hidden>{counted.count}</span>
                      <span className="hidden-text">{counted.text}</span>
                    </span>
                  )}
                </a>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className="rail-foot">
        <a
          href={href(paths.vault)}
          className={badge && isWeak(badge.level) ? 'rail-vault weak' : 'rail-vault'}
          title={badge?.sentence ?? vault.data?.reason}
        >
          <LockKeyholeOpen size={15} aria-hidden />
          <span className="rail-text">
            <span className="rail-vault-state">{t.vault.badge.unlocked}</span>
            <span className="rail-vault-guard">
              {badge?.title ?? (vault.data?.guards ?? []).map((guard) => t.vault.guards[guard] ?? guard).join(', ')}
            </span>
          </span>
        </a>
      </div>
    </header>
  )
}
