import { useState, useSyncExternalStore } from 'react'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { ErrorNote } from '../../components/note.tsx'
import { answerEditQuestion, isEditQuestionOpen, onEditQuestion } from '../../edit-lock.ts'
import { t } from '../../texts.ts'
import { CurrentPassphrase, FormDialog, refusalOf } from './passphrase-dialogs.tsx'

function Question() {
  const texts = t.protection.edit
  const [passphrase, setPassphrase] = useState('')
  const [tried, setTried] = useState(false)
  const unlock = useSecretCall('vault.unlock_editing', () => setPassphrase(''), keys.protection)
  const refused = refusalOf(unlock.error, 'passphrase')
  function submit() {
    setTried(true)
    if (passphrase !== '') void unlock.send({ passphrase }, () => answerEditQuestion(true))
  }
  return (
    <FormDialog
      title={texts.askTitle}
      submit={texts.askSubmit}
      isPending={unlock.isPending}
      onSubmit={submit}
      onClose={() => answerEditQuestion(false)}
    >
      <p className="muted">{texts.ask}</p>
      <CurrentPassphrase
        value={passphrase}
        onChange={setPassphrase}
        error={tried && passphrase === '' && unlock.error === null ? t.protection.passphrase.empty : refused}
      />
      {unlock.error !== null && refused === null && <ErrorNote error={unlock.error} />}
    </FormDialog>
  )
}

/** Asks for the passphrase where a change was refused without it, whatever screen the change came from. */
export function EditQuestion() {
  const open = useSyncExternalStore(onEditQuestion, isEditQuestionOpen)
  return open ? <Question /> : null
}
