import { ArrowLeft } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import type { Output } from '../../../shared/contract.ts'
import { keys, useCall, useProviders } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Field } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { emptyDraft } from './definition.ts'
import { Editor } from './editor.tsx'
import './provider-edit.css'
import '../providers/providers.css'

type Found = Output<'providers.discover'>

function FromIssuer({ onFound }: { onFound: (found: Found) => void }) {
  const texts = t.providersEdit.start
  const [issuer, setIssuer] = useState('')
  const [isPrivate, setPrivate] = useState(false)
  const [tried, setTried] = useState(false)
  const discover = useCall('providers.discover')
  const wrong = discover.isError ? errorOf(discover.error) : null
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (issuer.trim() === '') return
    discover.mutate({ issuer: issuer.trim(), private_network: isPrivate }, { onSuccess: onFound })
  }
  return (
    <form onSubmit={submit} className="stack form" noValidate>
      <Field
        label={texts.issuer}
        help={texts.issuerHelp}
        mono
        value={issuer}
        onChange={setIssuer}
        error={tried && issuer.trim() === '' ? texts.issuerMissing : wrong?.field === 'issuer' ? wrong.message : null}
        autoComplete="off"
        spellCheck="false"
      />
      <CheckLine isSelected={isPrivate} onChange={setPrivate}>
        {texts.private}
      </CheckLine>
      {wrong && wrong.field !== 'issuer' && <ErrorNote error={discover.error} />}
      <div>
        {/* Not as pending: what is read out of that names a button that is gone once the form is filled. */}
        <Button look="primary" type="submit" isDisabled={discover.isPending}>
          {discover.isPending ? t.common.loading : texts.search}
        </Button>
      </div>
    </form>
  )
}

function FromAnother() {
  const texts = t.providersEdit
  const [, navigate] = useLocation()
  const providers = (useProviders().data ?? []).filter((it) => it.needs_registration)
  const [id, setId] = useState<string | null>(null)
  const duplicate = useCall('providers.duplicate', [keys.providers, keys.activity])
  return (
    <div className="stack">
      <Select
        label={texts.start.original}
        value={id}
        onChange={setId}
        choices={providers.map((it) => ({
          id: it.id,
          text: it.name,
          mark: <Mark id={it.id} name={it.name} size={20} />,
        }))}
      />
      {duplicate.isError && <ErrorNote error={duplicate.error} />}
      <div>
        <Button
          look="primary"
          isDisabled={id === null}
          isPending={duplicate.isPending}
          onPress={() =>
            duplicate.mutate(
              { id: id ?? '' },
              {
                onSuccess: ({ provider }) => {
                  tell(texts.duplicated(provider.name))
                  navigate(paths.editProvider(provider.id))
                },
              },
            )
          }
        >
          {texts.start.copyNow}
        </Button>
      </div>
    </div>
  )
}

/** A provider of one's own: from what its server says, by hand, or as a copy. */
export function NewProvider() {
  const texts = t.providersEdit
  const [how, setHow] = useState('discover')
  const [found, setFound] = useState<Found | null>(null)
  const [empty, setEmpty] = useState(false)
  if (found) {
    return (
      <Editor
        draft={found.definition}
        isNew
        title={texts.titleNew}
        note={texts.start.found(found.source)}
        warnings={found.warnings}
      />
    )
  }
  if (empty) return <Editor draft={emptyDraft()} isNew title={texts.titleNew} />
  return (
    <div className="page edit">
      <a href={href(paths.providers)} className="back">
        <ArrowLeft size={14} aria-hidden /> {t.providers.title}
      </a>
      <header className="page-head">
        <div className="titles">
          <h1>{texts.start.title}</h1>
          <p>{texts.start.lead}</p>
        </div>
      </header>
      <div className="card pad stack loose">
        <ChoiceCards
          label={texts.start.how}
          value={how}
          onChange={setHow}
          cards={[
            { id: 'discover', title: texts.start.discover, text: texts.start.discoverText },
            { id: 'empty', title: texts.start.empty, text: texts.start.emptyText },
            { id: 'copy', title: texts.start.copy, text: texts.start.copyText },
          ]}
        />
        {how === 'discover' && <FromIssuer onFound={setFound} />}
        {how === 'copy' && <FromAnother />}
        {how === 'empty' && (
          <div>
            <Button look="primary" onPress={() => setEmpty(true)}>
              {texts.start.go}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
