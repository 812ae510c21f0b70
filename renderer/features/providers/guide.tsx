import type { Provider } from '../../../shared/models.ts'
import { CopyLine } from '../../components/copy.tsx'
import { LinkOut } from '../../components/link-out.tsx'
import { t } from '../../texts.ts'
import './guide.css'

/** What to do at the provider, with the exact redirect URI to carry there. */
export function Guide({ provider }: { provider: Provider }) {
  const texts = t.providers
  return (
    <div className="guide">
      <ol>
        {provider.setup_steps.map((step) => (
          <li key={step} className="break">
            {step}
          </li>
        ))}
      </ol>
      <div className="stack tight">
        <p className="field-label">{texts.redirectUri}</p>
        <CopyLine text={provider.redirect_uri} label={texts.redirectUri} />
        <p className="field-help">{provider.redirect_note ?? texts.redirectHelp}</p>
      </div>
      {(provider.console_url || provider.documentation_url) && (
        <div className="row wrap guide-links">
          {provider.console_url && <LinkOut href={provider.console_url}>{texts.console}</LinkOut>}
          {provider.documentation_url && <LinkOut href={provider.documentation_url}>{texts.documentation}</LinkOut>}
        </div>
      )}
    </div>
  )
}
