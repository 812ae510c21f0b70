import {
  ArrowLeft,
  BadgeCheck,
  CirclePlay,
  CircleSlash,
  Ellipsis,
  LogIn,
  Pencil,
  RefreshCw,
  RotateCcw,
  SquareTerminal,
  TimerOff,
  Trash2,
  Unplug,
} from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Account } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { ActionMenu, type MenuAction } from '../../components/menu.tsx'
import { Note } from '../../components/note.tsx'
import { StateBadge, toneOf } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { needsYou, subtitle } from '../accounts/need.ts'
import { useConnect } from '../connect/use-connect.ts'
import { useCheck } from './check.tsx'
import { type Asked, Questions } from './questions.tsx'

/** Name, state, why, what mends it, and everything that can be done. */
export function AccountHeader({ account }: { account: Account }) {
  const texts = t.account
  const { status, token } = account
  const [, navigate] = useLocation()
  const connect = useConnect()
  const [asked, setAsked] = useState<Asked | null>(null)
  const refresh = useCall('accounts.refresh', [keys.account(account.id), keys.accounts, keys.activity])
  const enable = useCall('accounts.enable', [keys.account(account.id), keys.accounts, keys.activity])
  const check = useCheck(account)
  const broken = needsYou(account)
  const disabled = status.state === 'disabled'
  const again = () => connect({ account: account.id })

  function refreshNow() {
    refresh.mutate(
      { account: account.id },
      {
        onSuccess: () => tell(texts.done.refreshed),
        onError: (error) => tell(errorOf(error).message, 'bad'),
      },
    )
  }

  function enableNow() {
    enable.mutate(
      { account: account.id },
      {
        onSuccess: () => tell(t.lifecycle.done.enable(account.alias)),
        onError: (error) => tell(errorOf(error).message, 'bad'),
      },
    )
  }

  const use: MenuAction[] = [
    {
      id: 'try',
      text: texts.actions.tryOut,
      icon: SquareTerminal,
      disabled,
      run: () => navigate(paths.playgroundWith(account.id)),
    },
    ...(broken || disabled ? [] : [{ id: 'again', text: texts.actions.reconnect, icon: LogIn, run: again }]),
    { id: 'rename', text: texts.actions.rename, icon: Pencil, run: () => setAsked('rename') },
  ]
  const test: MenuAction[] = token
    ? [
        { id: 'check', text: t.lifecycle.check.now, icon: BadgeCheck, disabled, run: check.run },
        { id: 'expire', text: texts.actions.expire, icon: TimerOff, disabled, run: () => setAsked('expire') },
      ]
    : []
  const end: MenuAction[] = [
    account.enabled
      ? { id: 'disable', text: t.lifecycle.asks.disable, icon: CircleSlash, run: () => setAsked('disable') }
      : { id: 'enable', text: t.lifecycle.actions.enable, icon: CirclePlay, run: enableNow },
    ...(token
      ? [
          { id: 'reset', text: t.lifecycle.asks.reset, icon: RotateCcw, run: () => setAsked('reset') },
          { id: 'revoke', text: t.lifecycle.asks.revoke, icon: Unplug, run: () => setAsked('revoke') },
        ]
      : []),
    { id: 'remove', text: t.lifecycle.asks.remove, icon: Trash2, danger: true, run: () => setAsked('remove') },
  ]

  return (
    <>
      <a href={href(paths.accounts)} className="back">
        <ArrowLeft size={14} aria-hidden /> {texts.back}
      </a>
      <header className="page-head account-head">
        <Mark id={account.provider_id} name={account.provider_name} size={48} />
        <div className="titles">
          <h1 className="account-title" dir="auto">
            {account.alias}
          </h1>
          <p className="break" dir="auto">
            {subtitle(account)}
          </p>
        </div>
        <div className="row">
          {disabled && !account.enabled ? (
            <Button look="primary" icon={CirclePlay} isPending={enable.isPending} onPress={enableNow}>
              {t.lifecycle.actions.enable}
            </Button>
          ) : disabled ? (
            <a href={href(paths.provider(account.provider_id))} className="button primary m">
              <span className="button-text">{t.lifecycle.toRegistration}</span>
            </a>
          ) : broken ? (
            <Button look="primary" icon={LogIn} onPress={again}>
              {status.state === 'never_connected' ? texts.actions.connect : texts.actions.reconnect}
            </Button>
          ) : (
            <Button
              icon={RefreshCw}
              isPending={refresh.isPending}
              isDisabled={!token?.has_refresh_token}
              onPress={refreshNow}
            >
              {texts.actions.refresh}
            </Button>
          )}
          <ActionMenu label={texts.actions.menu} icon={Ellipsis} groups={[use, test, end]} />
        </div>
      </header>
      <div className="account-status" aria-live="polite">
        {status.state === 'active' ? (
          <div className="status-line">
            <StateBadge state={status.state} />
            <span className="muted">{status.reason}</span>
          </div>
        ) : (
          <Note tone={toneOf(status.state)} title={texts.states[status.state]}>
            <p className="break">{status.reason}</p>
            {status.remedy && <p className="break">{status.remedy}</p>}
            {status.retry_at && <RetryAt at={status.retry_at} />}
          </Note>
        )}
      </div>
      <Questions account={account} asked={asked} onClose={() => setAsked(null)} />
    </>
  )
}

function RetryAt({ at }: { at: string }) {
  return (
    <p>
      {t.account.retryAt} <Moment at={at} />
    </p>
  )
}
