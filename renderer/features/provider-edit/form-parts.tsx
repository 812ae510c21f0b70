import { createContext, type ReactNode, useContext, useState } from 'react'
import { CheckList } from '../../components/checks.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { at, type Draft, linesOf, listAt, pairsOf, put, textAt, wrongPair } from './definition.ts'

export interface Editing {
  draft: Draft
  set: (change: (before: Draft) => Draft) => void
  /** What is wrong at a path, or null. */
  error: (path: string) => string | null
}

const Context = createContext<Editing | null>(null)
export const EditingProvider = Context.Provider

export function useEditing(): Editing {
  const editing = useContext(Context)
  if (!editing) throw new Error('A definition is edited inside its form.')
  return editing
}

export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="card pad stack form edit-section" aria-labelledby={`edit-${id}`}>
      <h2 id={`edit-${id}`}>{title}</h2>
      {children}
    </section>
  )
}

interface TextProps {
  path: string
  label: string
  help?: string
  optional?: boolean
  mono?: boolean
  lines?: number
  placeholder?: string
}

/** One text of the definition. An optional one that is empty is absent. */
export function TextAt({ path, optional, mono, ...props }: TextProps) {
  const { draft, set, error } = useEditing()
  return (
    <Field
      {...props}
      {...(optional ? { optional } : {})}
      {...(mono ? { mono, spellCheck: 'false' } : {})}
      autoComplete="off"
      value={textAt(draft, path)}
      onChange={(value) => set((before) => put(before, path, optional && value === '' ? undefined : value))}
      error={error(path)}
    />
  )
}

type Separator = 'words' | 'lines'

const split: Record<Separator, RegExp> = { words: /[\s,]+/, lines: /\n/ }
const join: Record<Separator, string> = { words: ' ', lines: '\n' }

/** A list of the definition as words or lines. The text is kept as it is typed; the list follows it. */
export function ListAt({ path, optional, by = 'words', ...props }: TextProps & { by?: Separator }) {
  const { draft, set, error } = useEditing()
  const [text, setText] = useState(() => listAt(draft, path).join(join[by]))
  function change(value: string) {
    setText(value)
    const list = value.split(split[by]).map((it) => it.trim())
    const filled = list.filter((it) => it !== '')
    set((before) => put(before, path, optional && filled.length === 0 ? undefined : filled))
  }
  return (
    <Field
      {...props}
      {...(optional ? { optional } : {})}
      mono={by === 'words'}
      {...(by === 'lines' ? { lines: 3 } : {})}
      spellCheck={by === 'words' ? 'false' : 'true'}
      autoComplete="off"
      value={text}
      onChange={change}
      error={error(path)}
    />
  )
}

/** Names and values of the definition as `name: value` lines. */
export function PairsAt({ path, optional, ...props }: TextProps) {
  const { draft, set, error } = useEditing()
  const [text, setText] = useState(() => linesOf(at(draft, path)))
  const wrong = wrongPair(text)
  function change(value: string) {
    setText(value)
    const pairs = pairsOf(value)
    const none = Object.keys(pairs).length === 0
    set((before) => put(before, path, optional && none ? undefined : pairs))
  }
  return (
    <Field
      {...props}
      optional
      mono
      lines={2}
      spellCheck="false"
      value={text}
      onChange={change}
      error={wrong === null ? error(path) : t.providersEdit.pairWrong(wrong)}
    />
  )
}

interface ChoiceProps {
  path: string
  label: string
  texts: Record<string, string>
  /** The choice that means that nothing is written. */
  absent?: string
}

export function ChoiceAt({ path, label, texts, absent }: ChoiceProps) {
  const { draft, set } = useEditing()
  const value = textAt(draft, path)
  return (
    <Select
      label={label}
      value={value === '' ? (absent ?? null) : value}
      onChange={(id) => set((before) => put(before, path, id === absent ? undefined : id))}
      choices={Object.entries(texts).map(([id, text]) => ({ id, text }))}
    />
  )
}

interface ChecksProps extends Omit<ChoiceProps, 'absent'> {
  help?: string
  /** What is meant where nothing is written. */
  absent?: string[]
}

export function ChecksAt({ path, label, texts, help, absent = [] }: ChecksProps) {
  const { draft, set, error } = useEditing()
  return (
    <CheckList
      label={label}
      {...(help ? { help } : {})}
      choices={Object.entries(texts).map(([id, text]) => ({ id, text }))}
      value={at(draft, path) === undefined ? absent : listAt(draft, path)}
      onChange={(ids) => set((before) => put(before, path, ids))}
      error={error(path)}
    />
  )
}
