import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  Clock,
  Hourglass,
  LockKeyhole,
  type LucideIcon,
  TriangleAlert,
  WifiOff,
} from 'lucide-react'
import type { AccountState } from '../../shared/models.ts'
import { t } from '../texts.ts'
import './state.css'

type Tone = 'good' | 'soon' | 'bad' | 'calm'

const looks: Record<AccountState, { tone: Tone; icon: LucideIcon }> = {
  active: { tone: 'good', icon: CircleCheck },
  expiring: { tone: 'soon', icon: Hourglass },
  expired: { tone: 'calm', icon: Clock },
  reauth_required: { tone: 'bad', icon: TriangleAlert },
  disabled: { tone: 'calm', icon: CircleSlash },
  unreachable: { tone: 'soon', icon: WifiOff },
  never_connected: { tone: 'calm', icon: CircleDashed },
  locked: { tone: 'calm', icon: LockKeyhole },
}

export const toneOf = (state: AccountState): Tone => looks[state].tone

/** An account's state: word, sign and colour, each enough alone. */
export function StateBadge({ state }: { state: AccountState }) {
  const { tone, icon: Icon } = looks[state]
  return (
    <span className={`state ${tone}`}>
      <Icon size={14} aria-hidden />
      {t.account.states[state]}
    </span>
  )
}
