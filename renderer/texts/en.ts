import { account } from './en-account.ts'
import { apps } from './en-apps.ts'
import { connect } from './en-connect.ts'
import { grants } from './en-grants.ts'
import { lifecycle } from './en-lifecycle.ts'
import { network } from './en-network.ts'
import { places } from './en-places.ts'
import { protection } from './en-protection.ts'
import { providersEdit } from './en-providers-edit.ts'
import { time } from './en-time.ts'
import { usage } from './en-usage.ts'
import { vault } from './en-vault.ts'
import { webhooks } from './en-webhooks.ts'

/** English. */
export const english = {
  ...places,
  account,
  apps,
  connect,
  grants,
  lifecycle,
  network,
  protection,
  providersEdit,
  time,
  usage,
  vault,
  webhooks,
}
