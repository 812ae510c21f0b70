import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useLocation } from 'wouter'
import type { WebhookEndpoint, WebhookPreset } from '../../../shared/contract-webhooks.ts'
import { keys } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { call, errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Field, SecretField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { parseObject } from '../provider-edit/definition.ts'
import { type WebhookDraft, webhookDraft, webhookInput, withPreset } from './webhook-draft.ts'

export const usePresets = () => useQuery({ queryKey: ['webhook-presets'], queryFn: () => call('webhooks.presets', {}) })

interface Props {
  /** null: a new one. */
  endpoint: WebhookEndpoint | null
  onClose: () => void
}

function Form({ id, endpoint, presets, onClose, onPending }: Props & FormParts) {
  const texts = t.webhooks.form
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState(() => webhookDraft(endpoint, presets))
  const [tried, setTried] = useState(false)
  const set = (change: Partial<WebhookDraft>) => setDraft((before) => ({ ...before, ...change }))
  const save = useSecretCall('webhooks.save', () => set({ secret: '' }), keys.webhooks)
  const wrong = save.error === null ? null : errorOf(save.error)
  const settings = parseObject(draft.settings)
  const broken = 'problem' in settings ? texts.settingsWrong(settings.problem) : null
  const kind = 'value' in settings ? (settings.value.verification as { kind?: unknown } | undefined)?.kind : null
  const inSettings = wrong?.field?.startsWith('settings') ?? false
  const elsewhere = wrong !== null && !inSettings && !['name', 'secret'].includes(wrong.field ?? '')

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (draft.name.trim() === '' || 'problem' in settings) return
    onPending(true)
    await save.send(webhookInput(endpoint, draft, settings.value), (saved) => {
      tell(texts.saved(saved.name))
      onClose()
      if (!endpoint) navigate(paths.webhook(saved.id))
    })
    onPending(false)
  }
  return (
    <form id={id} onSubmit={submit} className="stack form" noValidate>
      <Select
        label={texts.sender}
        value={draft.preset === '' ? null : draft.preset}
        onChange={(preset) => {
          const chosen = presets.find((it) => it.id === preset)
          if (chosen) setDraft((before) => withPreset(before, chosen, presets))
        }}
        choices={presets.map((preset) => ({ id: preset.id, text: preset.name }))}
      />
      <Field
        label={texts.name}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={tried && draft.name.trim() === '' ? texts.nameMissing : wrong?.field === 'name' ? wrong.message : null}
        maxLength={200}
        autoComplete="off"
      />
      {kind !== 'jwt' && (
        <SecretField
          label={texts.secret}
          help={
            endpoint?.has_secret
              ? texts.secretKept
              : endpoint
                ? texts.secretHelp
                : `${texts.secretHelp} ${texts.secretLater}`
          }
          optional
          value={draft.secret}
          onChange={(secret) => set({ secret })}
          error={wrong?.field === 'secret' ? wrong.message : null}
          isDisabled={draft.remove_secret}
          showText={texts.show}
          hideText={texts.hide}
          autoComplete="off"
        />
      )}
      {endpoint?.has_secret && kind !== 'jwt' && (
        <CheckLine isSelected={draft.remove_secret} onChange={(on) => set({ remove_secret: on, secret: '' })}>
          {texts.removeSecret}
        </CheckLine>
      )}
      <CheckLine isSelected={draft.enabled} onChange={(enabled) => set({ enabled })}>
        {texts.enabled}
      </CheckLine>
      <Disclose title={texts.settings} open={kind === 'jwt' && !endpoint}>
        <Field
          label={texts.settings}
          help={texts.settingsHelp}
          mono
          lines={12}
          spellCheck="false"
          value={draft.settings}
          onChange={(next) => set({ settings: next })}
          error={broken ?? (inSettings ? (wrong?.message ?? null) : null)}
        />
      </Disclose>
      {(inSettings || elsewhere || (tried && broken !== null)) && (
        <ErrorNote error={save.error} {...(broken ? { title: broken } : {})} />
      )}
    </form>
  )
}

interface FormParts {
  id: string
  presets: WebhookPreset[]
  onPending: (pending: boolean) => void
}

/** An endpoint, new from a sender's ready-made settings or to be changed. */
export function WebhookDialog({ endpoint, onClose }: Props) {
  const texts = t.webhooks.form
  const form = useId()
  const presets = usePresets()
  const [saving, setSaving] = useState(false)
  return (
    <Dialog
      isOpen
      keep
      title={endpoint ? texts.editTitle(endpoint.name) : texts.addTitle}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={saving}>
            {t.common.save}
          </Button>
        </>
      }
    >
      {presets.isError && <ErrorNote error={presets.error} />}
      {presets.data && (
        <Form id={form} endpoint={endpoint} presets={presets.data} onClose={onClose} onPending={setSaving} />
      )}
    </Dialog>
  )
}
