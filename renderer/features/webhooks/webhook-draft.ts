import type { Input } from '../../../shared/contract.ts'
import type {
  WebhookEndpoint,
  WebhookPreset,
  WebhookSettings,
  WebhookVerification,
} from '../../../shared/contract-webhooks.ts'

export interface WebhookDraft {
  name: string
  preset: string
  enabled: boolean
  secret: string
  remove_secret: boolean
  /** The settings as JSON. */
  settings: string
}

const asText = (settings: WebhookSettings) => JSON.stringify(settings, null, 2)

/** A value as text that does not depend on the order of its properties. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, it: unknown) =>
    typeof it === 'object' && it !== null && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  )
}

/** The sender that settings were taken from, as long as nobody changed them. */
export function presetOf(settings: WebhookSettings, presets: WebhookPreset[]): WebhookPreset | null {
  return presets.find((preset) => canonical(preset.settings) === canonical(settings)) ?? null
}

export function webhookDraft(endpoint: WebhookEndpoint | null, presets: WebhookPreset[]): WebhookDraft {
  const preset = endpoint ? presetOf(endpoint.settings, presets) : (presets[0] ?? null)
  const settings = endpoint?.settings ?? preset?.settings
  return {
    name: endpoint?.name ?? preset?.name ?? '',
    preset: preset?.id ?? '',
    enabled: endpoint?.enabled ?? true,
    secret: '',
    remove_secret: false,
    settings: settings ? asText(settings) : '',
  }
}

/** Another sender: its settings, and its name where nobody wrote one. */
export function withPreset(draft: WebhookDraft, preset: WebhookPreset, presets: WebhookPreset[]): WebhookDraft {
  const named = draft.name.trim() !== '' && !presets.some(({ name }) => name === draft.name)
  return {
    ...draft,
    preset: preset.id,
    name: named ? draft.name : preset.name,
    settings: asText(preset.settings),
  }
}

/** Keys that are published at the sender need no secret here. */
export const needsSecret = (verification: WebhookVerification): boolean => verification.kind !== 'jwt'

/** Of the secret, what is absent is kept, what is empty is removed. `settings` have been parsed. */
export function webhookInput(
  endpoint: WebhookEndpoint | null,
  draft: WebhookDraft,
  settings: Record<string, unknown>,
): Input<'webhooks.save'> {
  const secret = draft.remove_secret ? '' : draft.secret === '' ? undefined : draft.secret
  return {
    ...(endpoint ? { id: endpoint.id } : {}),
    name: draft.name.trim(),
    enabled: draft.enabled,
    // The host judges the shape and names the field.
    settings: settings as Input<'webhooks.save'>['settings'],
    ...(secret === undefined ? {} : { secret }),
  }
}
