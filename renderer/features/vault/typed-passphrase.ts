/** A passphrase that is being chosen: typed twice, because nobody sees it. */
export interface TypedPassphrase {
  passphrase: string
  again: string
}

export const nothingTyped: TypedPassphrase = { passphrase: '', again: '' }

/** Why this passphrase cannot be taken yet, or null. */
export function typedWrong({ passphrase, again }: TypedPassphrase): 'short' | 'different' | null {
  if ([...passphrase].length < 8) return 'short'
  return passphrase === again ? null : 'different'
}
