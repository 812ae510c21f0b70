import { ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Flow } from '../../../shared/models.ts'
import { keys, useCall, useInfo } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'

function Paste({ flow }: { flow: Flow }) {
  const texts = t.connect.progress
  const [url, setUrl] = useState('')
  const paste = useCall('connect.paste', [keys.flow(flow.id)])
  function submit(event: FormEvent) {
    event.preventDefault()
    const answer = url.trim()
    if (answer === '') return
    // The address holds a code: it leaves the field as soon as it is used.
    paste.mutate({ flow: flow.id, url: answer }, { onSuccess: () => setUrl('') })
  }
  return (
    <form onSubmit={submit} className="paste">
      <Field
        label={texts.paste}
        help={texts.pasteHelp}
        mono
        value={url}
        onChange={setUrl}
        placeholder={flow.redirect_uri ?? ''}
        spellCheck="false"
        autoComplete="off"
        error={paste.isError ? errorOf(paste.error).message : null}
      />
      <Button type="submit" isPending={paste.isPending} isDisabled={url.trim() === ''}>
        {texts.pasteSubmit}
      </Button>
    </form>
  )
}

/** While the person signs in: the way to the sign-in page by hand, and the way back by hand. */
export function Waiting({ flow }: { flow: Flow }) {
  const texts = t.connect.progress
  const info = useInfo()
  const open = useCall('connect.open', [keys.flow(flow.id)])
  const url = flow.authorization_url
  // In a browser this page can open the sign-in itself; the host may be a machine without one.
  const byLink = info.data?.host === 'headless' || flow.via === 'paste'
  return (
    <div className="stack">
      {url && (
        <div className="row wrap">
          {byLink ? (
            <a href={url} target="_blank" rel="noreferrer" className="button primary m">
              <ExternalLink size={16} aria-hidden />
              <span className="button-text">{texts.openLink}</span>
              <span className="hidden-text">{t.common.opensBrowser}</span>
            </a>
          ) : (
            <Button icon={ExternalLink} isPending={open.isPending} onPress={() => open.mutate({ flow: flow.id })}>
              {flow.via === 'browser' ? texts.openAgain : texts.openBrowser}
            </Button>
          )}
          <CopyButton text={url}>{texts.copyLink}</CopyButton>
        </div>
      )}
      {open.isError && <ErrorNote error={open.error} />}
      {flow.via === 'paste' ? (
        <Paste flow={flow} />
      ) : (
        <Disclose title={texts.pasteTitle}>
          <Paste flow={flow} />
        </Disclose>
      )}
    </div>
  )
}
