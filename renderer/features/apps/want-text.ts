import type { Want } from '../../../shared/contract-apps.ts'
import type { Account, Provider } from '../../../shared/models.ts'
import { t } from '../../texts.ts'
import { actionsText } from './grant-text.ts'

/** What a program wants, in the words of the grant: its account by our name for it, else by the program's. */
export function wantText(want: Want, accounts: readonly Account[], providers: readonly Provider[]): string {
  if (want.account === null && want.account_id === null && want.rights.includes('connect')) {
    return actionsText({ ...want, account: null })
  }
  const alias =
    accounts.find((it) => it.id === want.account_id)?.alias ?? (want.account === null ? null : `“${want.account}”`)
  const provider = providers.find((it) => it.id === want.provider)?.name ?? want.provider
  return actionsText({ ...want, account: alias ?? t.apps.ask.someAccount(provider) })
}
