import type { Handlers, RequestService } from './ports.ts'
import type { AppService, BindingService } from './ports-apps.ts'

export interface AppHandlerParts {
  apps: AppService
  bindings: BindingService
  requests: Pick<RequestService, 'sendToHost'>
}

type AppMethod =
  | `apps.${'list' | 'get' | 'change' | 'revoke'}`
  | `permissions.${'add' | 'change' | 'withdraw'}`
  | `asks.${'list' | 'get' | 'approve' | 'deny'}`
  | `bindings.${'list' | 'save' | 'remove'}`
  | 'requests.send_to_host'

/** The methods of shared/contract-apps.ts that are about apps, permissions, asks and host bindings. */
export function createAppHandlers({ apps, bindings, requests }: AppHandlerParts): Pick<Handlers, AppMethod> {
  return {
    'apps.list': () => apps.list(),
    'apps.get': ({ app }) => apps.get(app),
    'apps.change': (input, caller) => apps.change(input, caller),
    'apps.revoke': ({ app }, caller) => {
      apps.revoke(app, caller)
      return {}
    },
    'permissions.add': (input, caller) => apps.addPermission(input, caller),
    'permissions.change': (input, caller) => apps.changePermission(input, caller),
    'permissions.withdraw': ({ id }, caller) => apps.withdrawPermission(id, caller),
    'asks.list': () => apps.asks(),
    'asks.get': ({ ask }) => apps.ask(ask),
    'asks.approve': (input, caller) => apps.approve(input, caller),
    'asks.deny': ({ ask }, caller) => apps.deny(ask, caller),
    'bindings.list': () => bindings.list(),
    'bindings.save': ({ host, account }, caller) => bindings.save(host, account, caller),
    'bindings.remove': ({ host }, caller) => {
      bindings.remove(host, caller)
      return {}
    },
    'requests.send_to_host': ({ request }, caller) => requests.sendToHost(request, caller),
  }
}
