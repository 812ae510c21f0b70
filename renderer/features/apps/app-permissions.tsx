import { Pencil, Plus, Trash2, Waypoints } from 'lucide-react'
import { useState } from 'react'
import type { App, Permission } from '../../../shared/contract-apps.ts'
import type { Account } from '../../../shared/models.ts'
import { keys, useAccounts, useCall } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { Mark } from '../../components/mark.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { plainLine } from '../../components/plain-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { grantSentence } from './grant-text.ts'
import { PermissionDialog } from './permission-dialog.tsx'
import { aliasOf, ownAccounts } from './permission-draft.ts'

interface LineProps {
  permission: Permission
  account: Account | undefined
  alias: string
  onEdit: () => void
  onWithdraw: () => void
}

function Line({ permission, account, alias, onEdit, onWithdraw }: LineProps) {
  const texts = t.apps.app
  const now = useNow('slow')
  const ended = permission.until !== null && Date.parse(permission.until) <= now
  const own = permission.account_id === null
  return (
    <li className="permission">
      {account ? (
        <Mark id={account.provider_id} name={account.provider_name} size={28} />
      ) : (
        <span className="permission-own">
          <Waypoints size={16} aria-hidden />
        </span>
      )}
      <div className="grow">
        <div className="row wrap">
          {account ? (
            <a href={href(paths.account(account.id, 'users'))} className="need-name break" dir="auto">
              {account.alias}
            </a>
          ) : (
            <span className="need-name">{own ? t.apps.fields.own : texts.unknownAccount}</span>
          )}
          {ended && <span className="chip">{t.apps.states.expired}</span>}
        </div>
        <p className="muted small break" dir="auto">
          {grantSentence({ ...permission, app: null, account: own ? null : alias }, now)}
        </p>
      </div>
      <div className="row">
        <IconButton size="s" icon={Pencil} label={texts.editOf(alias)} onPress={onEdit} />
        <IconButton size="s" icon={Trash2} label={texts.withdrawOf(alias)} onPress={onWithdraw} />
      </div>
    </li>
  )
}

function Withdraw({ app, permission, onClose }: { app: App; permission: Permission; onClose: () => void }) {
  const texts = t.apps.app
  const now = useNow('slow')
  const accounts = useAccounts().data ?? []
  const withdraw = useCall('permissions.withdraw', [keys.apps, keys.activity, keys.usage])
  return (
    <Confirm
      isOpen
      danger
      title={texts.withdrawTitle}
      submit={texts.withdraw}
      pending={withdraw.isPending}
      onClose={onClose}
      onConfirm={() =>
        withdraw.mutate(
          { id: permission.id },
          {
            onSuccess: () => {
              tell(texts.withdrawn)
              onClose()
            },
          },
        )
      }
    >
      <p className="break" dir="auto">
        {grantSentence(
          { ...permission, app: app.name, account: aliasOf(permission.account_id ?? ownAccounts, accounts) },
          now,
        )}
      </p>
      <p className="break">{texts.withdrawText(plainLine(app.name))}</p>
      {permission.rights.includes('token') && <p>{texts.revokeToken}</p>}
      {withdraw.isError && <ErrorNote error={withdraw.error} />}
    </Confirm>
  )
}

type Asked = { what: 'edit' | 'withdraw'; permission: Permission } | { what: 'add' }

/** What an app may do, each permission in a sentence, and the ways to change that. */
export function AppPermissions({ app }: { app: App }) {
  const texts = t.apps.app
  const accounts = useAccounts().data ?? []
  const [asked, ask] = useState<Asked | null>(null)
  const close = () => ask(null)
  return (
    <section className="card" aria-labelledby="permissions">
      <div className="card-head">
        <h2 id="permissions">{texts.permissions}</h2>
        <Button size="s" icon={Plus} onPress={() => ask({ what: 'add' })}>
          {texts.add}
        </Button>
      </div>
      {app.permissions.length === 0 ? (
        <p className="muted permissions-none">{texts.noPermissions}</p>
      ) : (
        <ul className="permissions">
          {app.permissions.map((permission) => (
            <Line
              key={permission.id}
              permission={permission}
              account={accounts.find((it) => it.id === permission.account_id)}
              alias={aliasOf(permission.account_id ?? ownAccounts, accounts) ?? t.apps.fields.own}
              onEdit={() => ask({ what: 'edit', permission })}
              onWithdraw={() => ask({ what: 'withdraw', permission })}
            />
          ))}
        </ul>
      )}
      {asked?.what === 'add' && <PermissionDialog app={app} permission={null} onClose={close} />}
      {asked?.what === 'edit' && <PermissionDialog app={app} permission={asked.permission} onClose={close} />}
      {asked?.what === 'withdraw' && <Withdraw app={app} permission={asked.permission} onClose={close} />}
    </section>
  )
}
