import type { WebhookEndpointInput, WebhookSettings } from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { isSafeUrl } from '../../providers/template.ts'
import { presets } from './presets.ts'
import { isKnown, placeholders } from './template.ts'

/**
 * The settings of an endpoint as they are stored: those of a preset, those that were sent, or `stored` for a change.
 *
 * @throws LatchkeyError `invalid_request` naming the field and what to enter.
 */
export function settingsOf(input: WebhookEndpointInput, stored: WebhookSettings | null): WebhookSettings {
  if (input.preset !== undefined) {
    const preset = presets.find(({ id }) => id === input.preset)
    if (preset === undefined) {
      throw invalid('preset', `There is no preset of this name. There are: ${presets.map(({ id }) => id).join(', ')}.`)
    }
    return preset.settings
  }
  const settings = input.settings ?? stored
  if (settings === null) throw invalid('settings', 'Choose a preset, or say how deliveries are verified.')
  checkVerification(settings.verification)
  checkParser(settings.parser)
  return settings
}

function checkVerification(verification: WebhookSettings['verification']): void {
  if (verification.kind === 'jwt') {
    if (!isSafeUrl(verification.jwks_uri)) {
      throw invalid(
        'settings.verification.jwks_uri',
        'The keys have to come over https:// (http:// only on this machine).',
      )
    }
    return
  }
  if (verification.kind !== 'hmac') return
  const { signed, timestamp, tolerance } = verification
  const names = placeholders(signed)
  const field = 'settings.verification.signed'
  const unknown = names.find((name) => !isKnown(name, ['body', 'timestamp']))
  if (unknown !== undefined)
    throw invalid(field, `“{${unknown}}” is not known here: {body}, {timestamp} or {header:Name}.`)
  if (!names.includes('body')) throw invalid(field, 'A signature that does not cover {body} proves nothing about it.')
  if (timestamp === null && (names.includes('timestamp') || tolerance !== null)) {
    throw invalid('settings.verification.timestamp', 'Say where the sender’s time stands.')
  }
  if (timestamp !== null && !names.includes('timestamp')) {
    throw invalid(
      field,
      'A time that the signature does not cover can be changed on the way: {timestamp} has to be in it.',
    )
  }
}

function checkParser(parser: WebhookSettings['parser']): void {
  for (const [field, templates] of Object.entries(parser)) {
    for (const template of templates) {
      const names = placeholders(template)
      const wrong = names.find((name) => !isKnown(name, ['body:']))
      if (names.length > 0 && wrong === undefined) continue
      throw invalid(
        `settings.parser.${field}`,
        `“${template}” has to name a place: {body:path.to.it} or {header:Name}.`,
      )
    }
  }
}

/** Deliveries cannot be verified without one, except by a JWT, which brings its own proof. */
export function checkSecret({ verification, challenge }: WebhookSettings, hasSecret: boolean): void {
  if (hasSecret) return
  if (verification.kind !== 'jwt')
    throw invalid('secret', 'Enter the secret that the sender signs with, or the token it sends.')
  if (challenge.kind === 'query' && challenge.token !== null) {
    throw invalid('secret', `Enter the secret that ${challenge.token} has to hold.`)
  }
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
