import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { t } from '../../texts.ts'
import { ExportVault } from './export-vault.tsx'
import { ImportVault } from './import-vault.tsx'

/** Accounts to another computer or profile, and from there. */
export function Move() {
  const texts = t.protection.move
  const [dialog, setDialog] = useState<'export' | 'import' | null>(null)
  const close = () => setDialog(null)
  return (
    <section className="card pad setting" aria-labelledby="move">
      <div className="grow">
        <h2 id="move">{texts.title}</h2>
        <p className="muted small">{texts.help}</p>
      </div>
      <div className="row">
        <Button icon={Download} onPress={() => setDialog('export')}>
          {texts.export}
        </Button>
        <Button icon={Upload} onPress={() => setDialog('import')}>
          {texts.import}
        </Button>
      </div>
      {dialog === 'export' && <ExportVault onClose={close} />}
      {dialog === 'import' && <ImportVault onClose={close} />}
    </section>
  )
}
