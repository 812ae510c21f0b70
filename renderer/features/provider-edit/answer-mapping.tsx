import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Facts } from '../../components/facts.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { at, put } from './definition.ts'
import { ListAt, useEditing } from './form-parts.tsx'
import { useSettled } from './use-definition.ts'

const parts = [
  'access_token',
  'refresh_token',
  'id_token',
  'expires_in',
  'scope',
  'token_type',
  'error',
  'error_description',
] as const

const sample = '{\n  "access_token": "example",\n  "token_type": "Bearer",\n  "expires_in": 3600\n}'

/** `true`, `false` and numbers mean themselves; everything else is text. */
export function plainValue(text: string): string | number | boolean {
  const word = text.trim()
  if (word === 'true' || word === 'false') return word === 'true'
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word
}

function Success() {
  const texts = t.providersEdit.requests
  const { draft, set } = useEditing()
  const path = at(draft, 'requests.answer.success.path')
  const equals = at(draft, 'requests.answer.success.equals')
  const [text, setText] = useState(equals === undefined ? '' : String(equals))
  const write = (nextPath: string, nextText: string) =>
    set((before) =>
      put(
        before,
        'requests.answer.success',
        nextPath.trim() === '' ? undefined : { path: nextPath.trim(), equals: plainValue(nextText) },
      ),
    )
  return (
    <fieldset className="plain-set stack tight">
      <legend className="field-label">{texts.success}</legend>
      <div className="edit-pair">
        <Field
          label={texts.successPath}
          optional
          mono
          value={typeof path === 'string' ? path : ''}
          onChange={(next) => write(next, text)}
        />
        <Field
          label={texts.successEquals}
          optional
          mono
          value={text}
          onChange={(next) => {
            setText(next)
            write(typeof path === 'string' ? path : '', next)
          }}
        />
      </div>
      <p className="field-help">{texts.successHelp}</p>
    </fieldset>
  )
}

function Sample() {
  const texts = t.providersEdit.requests
  const { draft } = useEditing()
  const [body, setBody] = useState(sample)
  const [contentType, setContentType] = useState('application/json')
  const mapping = at(draft, 'requests.answer')
  const input = useSettled(
    JSON.stringify({
      ...(typeof mapping === 'object' && mapping !== null ? { mapping } : {}),
      body,
      content_type: contentType,
    }),
  )
  const read = useQuery({
    queryKey: ['template-answer', input],
    queryFn: () => call('templates.read_answer', JSON.parse(input)),
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  const answer = read.isError ? undefined : read.data
  const found = (is: boolean) => (is ? texts.yes : <span className="faint">{texts.no}</span>)
  return (
    <section className="card pad stack" aria-labelledby="sample">
      <h2 id="sample">{texts.sample}</h2>
      <Field
        label={texts.bodyShown}
        help={texts.sampleHelp}
        mono
        lines={7}
        spellCheck="false"
        value={body}
        onChange={setBody}
      />
      <Field label={texts.contentType} mono value={contentType} onChange={setContentType} />
      {read.isError && <ErrorNote error={read.error} />}
      {answer && (
        <div className="stack" role="status">
          <h3>{texts.read}</h3>
          {answer.problem !== null && <Note tone="bad">{answer.problem}</Note>}
          {answer.provider_error !== null && (
            <Note tone="soon">
              {texts.providerError}: <code>{answer.provider_error}</code>
            </Note>
          )}
          <Facts
            facts={[
              { name: texts.mapping.access_token, value: found(answer.access_token) },
              { name: texts.mapping.refresh_token, value: found(answer.refresh_token) },
              { name: texts.mapping.id_token, value: found(answer.id_token) },
              {
                name: texts.mapping.expires_in,
                value: answer.expires_in === null ? found(false) : texts.seconds(answer.expires_in),
              },
              {
                name: texts.mapping.scope,
                value: answer.scopes.length === 0 ? found(false) : answer.scopes.join(', '),
              },
              answer.saved.length === 0 ? null : { name: texts.saved, value: answer.saved.join(', ') },
            ]}
          />
        </div>
      )}
    </section>
  )
}

/** Where things stand in the token answer, tried on a sample. */
export function AnswerMapping() {
  const texts = t.providersEdit.requests
  const { draft, set } = useEditing()
  const written = at(draft, 'requests.answer') !== undefined
  return (
    <div className="requests">
      <section className="card pad stack form" aria-labelledby="mapping">
        <h2 id="mapping">{texts.titles.answer}</h2>
        <p className="muted small">{texts.helps.answer}</p>
        {written ? (
          <>
            <div className="edit-pair">
              {parts.map((part) => (
                <ListAt
                  key={part}
                  path={`requests.answer.${part}`}
                  label={texts.mapping[part]}
                  optional={part !== 'access_token'}
                />
              ))}
            </div>
            <Success />
            <div>
              <Button size="s" onPress={() => set((before) => put(before, 'requests.answer', undefined))}>
                {texts.drop}
              </Button>
            </div>
          </>
        ) : (
          <div className="row wrap">
            <span className="grow">{texts.standardAnswer}</span>
            <Button
              size="s"
              onPress={() => set((before) => put(before, 'requests.answer', { access_token: ['access_token'] }))}
            >
              {texts.writeAnswer}
            </Button>
          </div>
        )}
      </section>
      <Sample />
    </div>
  )
}
