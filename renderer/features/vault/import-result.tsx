import type { ImportReport } from '../../../shared/contract-vault.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'

const tones = { added: 'good', replaced: 'good', renamed: 'good', kept: '', left_out: 'soon' }

/** What became of each account in the file. */
export function ImportResult({ report, onClose }: { report: ImportReport; onClose: () => void }) {
  const texts = t.protection.move
  return (
    <Dialog
      isOpen
      title={texts.report}
      onClose={onClose}
      footer={
        <Button look="primary" autoFocus onPress={onClose}>
          {texts.done}
        </Button>
      }
    >
      <div className="stack">
        <p className="muted">
          {texts.reportOf} <Moment at={report.created_at} />. {texts.with(report.registrations, report.providers)}
        </p>
        {report.accounts.length === 0 ? (
          <p className="faint">{texts.nothing}</p>
        ) : (
          <ul className="vault-list" aria-label={texts.report}>
            {report.accounts.map(({ alias, provider_id, outcome, reason }) => (
              <li key={`${provider_id} ${alias}`}>
                <div className="grow">
                  <p className="vault-name break" dir="auto">
                    {alias}
                  </p>
                  {reason && <p className="muted small break">{reason}</p>}
                </div>
                <span className={`chip ${tones[outcome]}`}>{texts.outcomes[outcome]}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}
