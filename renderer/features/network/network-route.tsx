import { type FormEvent, useId, useState } from 'react'
import type { NetworkRoute } from '../../../shared/contract-network.ts'
import type { Provider } from '../../../shared/models.ts'
import { keys, useCall, useRoutes } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/facts.tsx'
import { Field, SecretField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { SecretText } from '../../components/secret-text.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { proxyWay, type RouteDraft, routeDraft, routeInput } from './route-draft.ts'

const shownIn = new Set([
  'proxy',
  'proxy_username',
  'proxy_password',
  'ca_bundle',
  'certificate',
  'private_key',
  'private_network',
])

interface FormProps {
  provider: Provider
  route: NetworkRoute | null
  onClose: () => void
}

function RouteDialog({ provider, route, onClose }: FormProps) {
  const texts = t.network
  const form = useId()
  const [draft, setDraft] = useState(() => routeDraft(route))
  const [tried, setTried] = useState(false)
  const set = (change: Partial<RouteDraft>) => setDraft((before) => ({ ...before, ...change }))
  const save = useSecretCall('network.save', () => set({ proxy_password: '', private_key: '' }), keys.routes)
  const wrong = save.error === null ? null : errorOf(save.error)
  const error = (field: string) => (wrong?.field === field ? wrong.message : null)
  const noProxy = draft.way === 'own' && draft.proxy.trim() === ''
  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (noProxy) return
    await save.send(routeInput(provider.id, draft), () => {
      tell(texts.saved)
      onClose()
    })
  }
  return (
    <Dialog
      isOpen
      keep
      title={texts.editTitle(provider.name)}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={save.isPending}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="stack form" noValidate>
        <ChoiceCards
          label={texts.proxy}
          cards={[
            { id: 'system', title: texts.system },
            { id: 'direct', title: texts.direct },
            { id: 'own', title: texts.own },
          ]}
          value={draft.way}
          onChange={(way) => set({ way: way as RouteDraft['way'] })}
        />
        {draft.way === 'own' && (
          <>
            <Field
              label={texts.proxyUrl}
              help={texts.proxyUrlHelp}
              mono
              value={draft.proxy}
              onChange={(proxy) => set({ proxy })}
              error={tried && noProxy ? texts.proxyMissing : error('proxy')}
              autoComplete="off"
              spellCheck="false"
            />
            <Field
              label={texts.username}
              optional
              mono
              value={draft.proxy_username}
              onChange={(proxy_username) => set({ proxy_username })}
              error={error('proxy_username')}
              autoComplete="off"
              spellCheck="false"
            />
            <SecretField
              label={texts.password}
              optional
              {...(route?.has_proxy_password ? { help: texts.passwordKept } : {})}
              value={draft.proxy_password}
              onChange={(proxy_password) => set({ proxy_password })}
              error={error('proxy_password')}
              isDisabled={draft.remove_password}
              showText={texts.show}
              hideText={texts.hide}
              autoComplete="off"
            />
            {route?.has_proxy_password && (
              <CheckLine
                isSelected={draft.remove_password}
                onChange={(remove_password) => set({ remove_password, proxy_password: '' })}
              >
                {texts.removePassword}
              </CheckLine>
            )}
          </>
        )}
        <Field
          label={texts.ca}
          help={texts.caHelp}
          optional
          mono
          lines={3}
          value={draft.ca_bundle}
          onChange={(ca_bundle) => set({ ca_bundle })}
          error={error('ca_bundle')}
          spellCheck="false"
        />
        <Field
          label={texts.certificate}
          help={texts.certificateHelp}
          optional
          mono
          lines={3}
          value={draft.certificate}
          onChange={(certificate) => set({ certificate })}
          error={error('certificate')}
          spellCheck="false"
        />
        {draft.certificate.trim() !== '' && (
          <SecretText
            label={texts.key}
            accept={['.pem', '.key']}
            help={route?.has_private_key ? texts.keyKept : texts.keyHelp}
            optional={route?.has_private_key ?? false}
            value={draft.private_key}
            onChange={(private_key) => set({ private_key })}
            error={error('private_key')}
          />
        )}
        <div className="stack tight">
          <CheckLine isSelected={draft.private_network} onChange={(private_network) => set({ private_network })}>
            {texts.private}
          </CheckLine>
          <p className="field-help">{texts.privateHelp}</p>
        </div>
        {wrong && !shownIn.has(wrong.field ?? '') && <ErrorNote error={save.error} />}
      </form>
    </Dialog>
  )
}

/** How requests to one provider travel. */
export function NetworkRouteCard({ provider }: { provider: Provider }) {
  const texts = t.network
  const routes = useRoutes()
  const route = routes.data?.find((it) => it.provider_id === provider.id) ?? null
  const [editing, edit] = useState(false)
  const remove = useCall('network.remove', [keys.routes])
  if (!routes.data) return null
  const way = proxyWay(route)
  return (
    <section className="card pad stack" aria-labelledby="network">
      <div className="row">
        <h2 id="network" className="grow">
          {texts.title}
        </h2>
        <Button size="s" onPress={() => edit(true)}>
          {texts.edit}
        </Button>
      </div>
      <Facts
        facts={[
          {
            name: texts.proxy,
            value: way === 'own' ? <code>{route?.proxy}</code> : way === 'direct' ? texts.direct : texts.systemShort,
          },
          { name: texts.ca, value: route?.ca_bundle ? texts.caExtra : texts.caSystem },
          route?.certificate ? { name: texts.certificate, value: texts.certificateSet } : null,
          { name: texts.private, value: route?.private_network ? texts.privateOn : texts.privateOff },
        ]}
      />
      {route && (
        <div>
          <Button
            size="s"
            look="quiet"
            isPending={remove.isPending}
            onPress={() => remove.mutate({ provider_id: provider.id }, { onSuccess: () => tell(texts.removed) })}
          >
            {texts.reset}
          </Button>
        </div>
      )}
      {remove.isError && <ErrorNote error={remove.error} />}
      {editing && <RouteDialog provider={provider} route={route} onClose={() => edit(false)} />}
    </section>
  )
}
