import { LatchkeyError } from '../shared/errors.ts'

/** How the host says that only the passphrase is missing (electron/services/edit-lock.ts). */
const wayOut = 'latchkey unlock --editing'

/** Whether a change was refused because changes ask for the passphrase here (E2), and for no other reason. */
export const isEditRefusal = (error: unknown): boolean =>
  error instanceof LatchkeyError && error.code === 'forbidden' && error.details.action?.command === wayOut

interface Question {
  answer: Promise<boolean>
  give: (entered: boolean) => void
}
let question: Question | null = null
const listeners = new Set<() => void>()

const tell = () => {
  for (const listener of listeners) listener()
}

/** Whoever listens shows the question. When nobody does any more, it is answered with no. */
export function onEditQuestion(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) answerEditQuestion(false)
  }
}

export const isEditQuestionOpen = (): boolean => question !== null

/** Several calls that are refused at the same time are one question. Resolves to whether the passphrase was entered. */
export function askToEdit(): Promise<boolean> {
  if (question !== null) return question.answer
  if (listeners.size === 0) return Promise.resolve(false)
  let give: Question['give'] = () => undefined
  const answer = new Promise<boolean>((resolve) => {
    give = resolve
  })
  question = { answer, give }
  tell()
  return answer
}

export function answerEditQuestion(entered: boolean): void {
  const asked = question
  question = null
  asked?.give(entered)
  tell()
}
