import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { type ScopeDraft, scopesAt } from './definition.ts'
import { Section, useEditing } from './form-parts.tsx'

/** The permissions that people can be asked for, each with its words. */
export function Scopes() {
  const texts = t.providersEdit
  const { draft, set, error } = useEditing()
  const scopes = scopesAt(draft)
  // Rows have no name of their own while they are typed.
  const [rows, setRows] = useState(() => scopes.map((_, index) => index))
  const change = (next: ScopeDraft[]) => set((before) => ({ ...before, scopes: next }))
  const edit = (index: number, part: Partial<ScopeDraft>) =>
    change(scopes.map((it, at) => (at === index ? { ...it, ...part } : it)))
  return (
    <Section id="scopes" title={texts.scopes}>
      <p className="muted small">{texts.scopesHelp}</p>
      {scopes.length > 0 && (
        <ul className="edit-scopes">
          {scopes.map((scope, index) => (
            <li key={rows[index] ?? `new-${index}`} className="edit-scope">
              <Field
                label={texts.scopeName}
                mono
                value={scope.name ?? ''}
                onChange={(name) => edit(index, { name })}
                error={error(`scopes[${index}].name`)}
                spellCheck="false"
                autoComplete="off"
              />
              <Field
                label={texts.scopeText}
                value={scope.text ?? ''}
                onChange={(text) => edit(index, { text })}
                error={error(`scopes[${index}].text`)}
                autoComplete="off"
              />
              <Select
                label={texts.scopeSensitivity}
                value={scope.sensitivity}
                onChange={(id) => edit(index, { sensitivity: id as ScopeDraft['sensitivity'] })}
                choices={Object.entries(t.providers.sensitivity).map(([id, text]) => ({ id, text }))}
              />
              <CheckLine isSelected={scope.default === true} onChange={(on) => edit(index, { default: on })}>
                {texts.scopeDefault}
              </CheckLine>
              <IconButton
                size="s"
                icon={Trash2}
                label={texts.removeScope(scope.name)}
                onPress={() => {
                  setRows(rows.filter((_, at) => at !== index))
                  change(scopes.filter((_, at) => at !== index))
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          size="s"
          icon={Plus}
          onPress={() => {
            setRows([...rows, Math.max(-1, ...rows) + 1])
            change([...scopes, { name: '', text: '', sensitivity: 'low', default: false }])
          }}
        >
          {texts.addScope}
        </Button>
      </div>
    </Section>
  )
}
