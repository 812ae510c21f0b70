import fs from 'node:fs'
import { type Command, Option } from 'commander'
import type { RegistrationInput } from '../../../shared/contract.ts'
import type { Provider } from '../../../shared/models.ts'
import { clientAuthentications } from '../../../shared/standards.ts'
import { readAll } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { collect, pairs, seconds, words } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line, list, table } from '../text.ts'
import { confirmed } from './lifecycle.ts'

const group = 'Providers and registrations:'

export function addProviders(program: Command, session: Session): void {
  teach(program.command('providers'), {
    examples: [['latchkey providers', 'which are ready, and which need a registration']],
  })
    .helpGroup(group)
    .description('list the providers that accounts can be connected at')
    .action(async () => {
      const [providers, registrations] = await Promise.all([session.client.providers(), registrationsOf(session)])
      session.answer(providers, () =>
        table(
          ['PROVIDER', 'NAME', 'SIGN-IN', 'REGISTRATION'],
          providers.map((provider) => [
            provider.id,
            line(provider.name),
            provider.sign_in.via,
            provider.needs_registration ? ready(registrations.filter((id) => id === provider.id).length) : 'built in',
          ]),
          session.paint,
        ),
      )
    })

  teach(program.command('provider'), {
    examples: [['latchkey provider github', 'each step, and the redirect URI to enter there']],
  })
    .helpGroup(group)
    .argument('<provider>', "the provider's id, as `latchkey providers` shows it")
    .description('show what a provider needs, and how to make a registration there')
    .action(async (id: string) => {
      const provider = await providerOf(session, id)
      session.answer(provider, () => describeProvider(provider, session))
    })

  teach(program.command('registrations'), {
    examples: [['latchkey registrations', 'each with its id and how many accounts it has']],
  })
    .helpGroup(group)
    .description('list the OAuth clients that you have entered')
    .action(async () => {
      const registrations = await session.client.registrations()
      session.answer(registrations, () =>
        registrations.length === 0
          ? 'No registrations yet. latchkey provider PROVIDER shows how to make one.'
          : table(
              ['REGISTRATION', 'PROVIDER', 'NAME', 'STATE', 'CLIENT ID', 'SECRET', 'ACCOUNTS'],
              registrations.map((it) => [
                it.id,
                it.provider_id,
                line(it.name),
                it.enabled ? 'enabled' : 'disabled',
                line(it.client_id),
                it.has_client_secret ? 'yes' : 'no',
                String(it.accounts),
              ]),
              session.paint,
            ),
      )
    })

  teach(program.command('register'), {
    examples: [
      [
        'latchkey register github --client-id YOUR_ID --client-secret-file secret.txt',
        'the secret from a file: arguments are seen by every user of the machine',
      ],
      [
        'latchkey register openid-connect --client-id YOUR_ID --variable issuer=https://login.example.com',
        'any OpenID Connect provider',
      ],
    ],
  })
    .helpGroup(group)
    .argument('<provider>', "the provider's id")
    .description('enter an OAuth client that you have created at a provider')
    .requiredOption('--client-id <id>', 'the client ID that the provider gave you')
    .option('--client-secret-file <file>', 'read the client secret from this file; - reads standard input')
    .addOption(
      new Option('--client-authentication <method>', 'how the client proves itself at the token endpoint').choices([
        ...clientAuthentications,
      ]),
    )
    .option('--name <name>', "what to call it (default: the provider's name)")
    .option('--scopes <scopes>', 'scopes to ask for, between spaces or commas (default: those of the provider)', words)
    .option('--variable <name=value>', "a value that the provider's addresses need; can be repeated", pairs, {})
    .option('--host <host>', 'a further host that signed requests may go to; can be repeated', collect, [])
    .option('--fallback-expiry <seconds>', 'lifetime of access tokens when the provider names none', seconds)
    .action(async (id: string, options: RegisterOptions) => {
      const provider = await providerOf(session, id)
      const registration = await session.client.saveRegistration(await registrationInput(provider, options, session))
      session.answer(
        registration,
        () => `Registered ${line(registration.name)} (${registration.id}). Now: latchkey connect ${provider.id}`,
      )
    })

  teach(program.command('unregister'), {
    examples: [['latchkey unregister reg_1', 'says which accounts go, and asks']],
  })
    .helpGroup(group)
    .argument('<registration>', 'the id that `latchkey registrations` shows')
    .description('remove a registration and every account connected with it')
    .option('--yes', 'do not ask')
    .action(async (id: string, options: { yes?: true }) => {
      if (!options.yes && !(await confirmed({ registration: id }, 'remove', session)))
        return session.note('Nothing was removed.')
      session.answer(await session.client.removeRegistration(id), () => 'Removed.')
    })
}

interface RegisterOptions {
  clientId: string
  clientSecretFile?: string
  clientAuthentication?: RegistrationInput['client_authentication']
  name?: string
  scopes?: string[]
  variable: Record<string, string>
  host: string[]
  fallbackExpiry?: number
}

async function registrationInput(
  provider: Provider,
  options: RegisterOptions,
  session: Session,
): Promise<RegistrationInput> {
  const secret =
    options.clientSecretFile === undefined ? undefined : await secretFrom(options.clientSecretFile, session)
  const methods = provider.client_authentication as RegistrationInput['client_authentication'][]
  const fitting = secret === undefined ? 'none' : methods.find((it) => it !== 'none')
  return {
    provider_id: provider.id,
    name: options.name ?? provider.name,
    description: '',
    client_id: options.clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
    client_authentication: options.clientAuthentication ?? fitting ?? 'client_secret_basic',
    scopes: options.scopes ?? provider.scopes.filter((it) => it.default).map((it) => it.name),
    variables: options.variable,
    extra_hosts: options.host,
    fallback_expiry: options.fallbackExpiry ?? null,
  }
}

/** The first line of the file. A secret never comes over the command's arguments: every user of the machine sees them. */
async function secretFrom(file: string, session: Session): Promise<string> {
  const text = file === '-' ? (await readAll(session.io)).toString('utf8') : fs.readFileSync(file, 'utf8')
  const first = text.split(/\r?\n/, 1)[0]?.trim()
  if (!first) throw new UsageError('There is no client secret on the first line of what --client-secret-file names.')
  return first
}

const ready = (many: number): string => (many === 0 ? 'needed' : many === 1 ? 'ready' : `${many} ready`)

/** The provider ids of the registrations; none while the vault is locked. */
async function registrationsOf(session: Session): Promise<string[]> {
  try {
    return (await session.client.registrations()).map((it) => it.provider_id)
  } catch (error) {
    if ((error as { code?: string }).code === 'locked') return []
    throw error
  }
}

async function providerOf(session: Session, id: string): Promise<Provider> {
  const providers = await session.client.providers()
  const found = providers.find((it) => it.id === id)
  if (found) return found
  throw new UsageError(`There is no provider "${line(id)}". There are: ${providers.map((it) => it.id).join(', ')}.`)
}

function describeProvider(provider: Provider, session: Session): string {
  const parts = [
    `${session.paint('bold', line(provider.name))}\n${line(provider.description)}`,
    list(
      [
        ['Id', provider.id],
        ['Sign-in', `${provider.sign_in.via}${provider.sign_in.reason ? `. ${line(provider.sign_in.reason)}` : ''}`],
        ['Redirect URI', provider.redirect_uri + (provider.redirect_note ? `\n${line(provider.redirect_note)}` : '')],
        ['API', provider.api_base_url],
        ['Hosts', provider.api_hosts.join(', ')],
        ['Variables', provider.variables.map((it) => `${it.name}: ${line(it.help)}`).join('\n')],
        ['Scopes', provider.scopes.map((it) => `${it.name}: ${line(it.text)}`).join('\n')],
        ['Console', provider.console_url],
        ['Documentation', provider.documentation_url],
      ],
      session.paint,
    ),
  ]
  if (provider.setup_steps.length > 0) {
    parts.push(provider.setup_steps.map((step, index) => `${index + 1}. ${line(step)}`).join('\n'))
  }
  if (provider.notices.length > 0) parts.push(provider.notices.map((notice) => `Note: ${line(notice)}`).join('\n'))
  return parts.join('\n\n')
}
