import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import type { Provider } from '../../../shared/models.ts'
import { SearchField } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { t } from '../../texts.ts'
import { providerFits } from '../providers/provider-fits.ts'

/** Step one: who the account is with. Choosing goes on at once. */
export function ChooseProvider({ providers, onChoose }: { providers: Provider[]; onChoose: (id: string) => void }) {
  const [search, setSearch] = useState('')
  const found = providers.filter((provider) => providerFits(provider, search))
  return (
    <div className="dialog-body choose-provider">
      <Autocomplete inputValue={search} onInputChange={setSearch}>
        <SearchField label={t.connect.searchProvider} value={search} onChange={setSearch} autoFocus />
        <ListBox
          aria-label={t.connect.chooseProvider}
          className="provider-choices"
          items={found}
          onAction={(id) => onChoose(String(id))}
          renderEmptyState={() => <p className="palette-empty">{t.connect.noProvider}</p>}
        >
          {(provider) => (
            <ListBoxItem id={provider.id} textValue={provider.name} className="provider-choice">
              <Mark id={provider.id} name={provider.name} />
              <span className="grow">
                <span className="choice-title">{provider.name}</span>
                <span className="choice-help two-lines">{provider.description}</span>
              </span>
              {!provider.needs_registration && <span className="chip accent">{t.providers.builtIn}</span>}
              <ChevronRight size={16} aria-hidden className="faint" />
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </div>
  )
}
