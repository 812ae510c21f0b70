import { useId, useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../texts.ts'
import { RegistrationForm } from './registration-form.tsx'

interface Props {
  provider: Provider
  /** null: a new one. */
  registration: Registration | null
  onClose: () => void
}

export function RegistrationDialog({ provider, registration, onClose }: Props) {
  const form = useId()
  const [saving, setSaving] = useState(false)
  const texts = t.connect.registration
  return (
    <Dialog
      isOpen
      keep
      title={registration ? texts.editTitle(registration.name) : texts.addTitle(provider.name)}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={saving}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <RegistrationForm
        id={form}
        provider={provider}
        registration={registration}
        scopes
        onPending={setSaving}
        onSaved={onClose}
      />
    </Dialog>
  )
}
