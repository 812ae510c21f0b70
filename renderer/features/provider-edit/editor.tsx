import { ArrowLeft } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import { useLocation } from 'wouter'
import type { Warning } from '../../../shared/contract-records.ts'
import { keys, useCall, useProviders } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { belongs, type Draft, missing, ownField, parseObject } from './definition.ts'
import { DefinitionForm } from './form.tsx'
import { EditingProvider } from './form-parts.tsx'
import { Requests } from './requests.tsx'
import { useVerdict } from './use-definition.ts'
import './provider-edit.css'
import '../account/account.css'
import '../providers/providers.css'

type Shown = 'form' | 'requests' | 'json'

interface Props {
  draft: Draft
  isNew: boolean
  title: string
  /** Said above, for example where it was filled from. */
  note?: string | null
  /** What discovery left open. */
  warnings?: Warning[]
}

const asText = (draft: Draft) => JSON.stringify(draft, null, 2)
const labelOf: Record<string, string> = {
  name: t.providersEdit.name,
  id: t.providersEdit.id,
  description: t.providersEdit.description,
  issuer: t.providersEdit.issuer,
  'endpoints.authorization': t.providersEdit.endpoints.authorization,
  'endpoints.token': t.providersEdit.endpoints.token,
}

/** A definition as a form, as requests and as JSON: three views of one thing. */
export function Editor({ draft: first, isNew, title, note, warnings: found = [] }: Props) {
  const texts = t.providersEdit
  const [, navigate] = useLocation()
  const providers = useProviders()
  const [draft, setDraft] = useState(first)
  const [text, setText] = useState(() => asText(first))
  const [jsonProblem, setJsonProblem] = useState<string | null>(null)
  const [shown, show] = useState<Shown>('form')
  const [tried, setTried] = useState(false)
  const top = useRef<HTMLDivElement>(null)
  const verdict = useVerdict(draft)
  const save = useCall('providers.save', [keys.providers, ['provider'], keys.activity])

  const taken = isNew && (providers.data ?? []).some(({ id }) => id === draft.id)
  const holes = missing(draft)
  const complaint = tried || !isNew || shown === 'json' ? verdict.problem : null
  const field = ownField(complaint?.field)
  /** The path itself for a text, any inside it for a list or an object. */
  function error(path: string): string | null {
    if (path === 'id' && taken) return texts.idTaken
    if (tried && holes.includes(path)) return texts.required(labelOf[path] ?? path)
    return complaint && belongs(field, path) ? complaint.message : null
  }
  const warnings = [...found.filter((it) => !verdict.warnings.some(({ message }) => message === it.message))]

  // After a failed try the first wrong field has the focus; without one, the reason does.
  const [failed, setFailed] = useState(0)
  useEffect(() => {
    if (failed === 0) return
    const wrong = top.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] input')
    ;(wrong ?? top.current)?.focus()
  }, [failed])

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (jsonProblem !== null) {
      show('json')
      setFailed((n) => n + 1)
      return
    }
    if (holes.length > 0 || taken) {
      if (shown !== 'form') show('form')
      setFailed((n) => n + 1)
      return
    }
    save.mutate(
      { definition: draft },
      {
        onSuccess: ({ provider }) => {
          tell(texts.saved(provider.name))
          navigate(paths.provider(provider.id))
        },
        onError: () => setFailed((n) => n + 1),
      },
    )
  }
  function writeJson(next: string) {
    setText(next)
    const parsed = parseObject(next)
    setJsonProblem('problem' in parsed ? parsed.problem : null)
    if ('value' in parsed) setDraft(parsed.value)
  }
  function turn(to: Shown) {
    // The form has no place for text that is no JSON; the text stays for mending.
    if (to === 'json' && jsonProblem === null) setText(asText(draft))
    show(to)
  }

  const back = isNew ? paths.providers : paths.provider(String(first.id))
  const saveError = save.isError && errorOf(save.error).field === undefined ? save.error : null
  const above = complaint !== null && (shown === 'json' || (tried && holes.length === 0))
  return (
    <div className={shown === 'form' ? 'page edit' : 'page edit broad'}>
      <a href={href(back)} className="back">
        <ArrowLeft size={14} aria-hidden /> {isNew ? t.providers.title : String(first.name)}
      </a>
      <form onSubmit={submit} noValidate>
        <header className="page-head">
          <div className="titles">
            <h1 className="break">{title}</h1>
          </div>
          <Button onPress={() => navigate(back)}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" isPending={save.isPending}>
            {t.common.save}
          </Button>
        </header>
        <div ref={top} tabIndex={-1}>
          <div className="edit-notes">
            {note && <Note tone="good">{note}</Note>}
            {jsonProblem !== null && shown !== 'json' && <Note tone="bad">{texts.jsonFix}</Note>}
            {saveError !== null && <ErrorNote error={saveError} />}
            {above && (
              <Note tone="bad" title={texts.checkTitle} alert>
                <p className="break">{complaint.message}</p>
                {complaint.action && <p className="break">{complaint.action.text}</p>}
              </Note>
            )}
            {verdict.warnings.length > 0 && (
              <Note tone="soon" title={texts.warningTitle} alert>
                {verdict.warnings.map((it) => (
                  <p key={it.message} className="break">
                    {it.message}
                  </p>
                ))}
              </Note>
            )}
            {warnings.length > 0 && (
              <Note tone="soon" title={texts.warningTitle}>
                {warnings.map((it) => (
                  <p key={it.message} className="break">
                    {it.message}
                  </p>
                ))}
              </Note>
            )}
          </div>
          <EditingProvider value={{ draft, set: setDraft, error }}>
            <Tabs selectedKey={shown} onSelectionChange={(key) => turn(key as Shown)} className="tabs">
              <TabList aria-label={texts.tabs.label} className="tab-list">
                {(['form', 'requests', 'json'] as const).map((id) => (
                  <Tab key={id} id={id} className="tab">
                    {texts.tabs[id]}
                  </Tab>
                ))}
              </TabList>
              <TabPanel id="form" className="tab-panel">
                <DefinitionForm isNew={isNew} />
              </TabPanel>
              <TabPanel id="requests" className="tab-panel">
                <Requests />
              </TabPanel>
              <TabPanel id="json" className="tab-panel edit-json">
                <Field
                  label={texts.jsonLabel}
                  help={texts.jsonHelp}
                  mono
                  lines={26}
                  spellCheck="false"
                  value={text}
                  onChange={writeJson}
                  error={jsonProblem === null ? null : texts.jsonWrong(jsonProblem)}
                />
              </TabPanel>
            </Tabs>
          </EditingProvider>
        </div>
      </form>
    </div>
  )
}
