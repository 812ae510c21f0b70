import type { RegistrationInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { readCertificate, readKeyMaterial } from '../oauth/key-material.ts'
import type { RegistrationCredentials } from '../vault/ports.ts'

/**
 * The key and certificate that a registration will have, as PEM texts, or undefined when nothing is said about them. An
 * empty text removes one. Throws `invalid_request` with the field (`private_key`, `private_key_passphrase`,
 * `certificate`), and never repeats what was entered.
 */
export async function readCredentials(
  input: Pick<RegistrationInput, 'private_key' | 'private_key_passphrase' | 'certificate'>,
  stored: RegistrationCredentials,
): Promise<RegistrationCredentials | undefined> {
  const { private_key: key, private_key_passphrase: passphrase, certificate } = input
  if (key === undefined && certificate === undefined) return undefined
  const wanted = { ...stored }
  if (key !== undefined && key.trim() === '') delete wanted.privateKey
  else if (key !== undefined) {
    const file = passphrase === undefined ? { content: key } : { content: key, passphrase }
    Object.assign(wanted, await readKeyMaterial(file).catch(renamed))
  }
  if (certificate !== undefined && certificate.trim() === '') delete wanted.certificate
  else if (certificate !== undefined) wanted.certificate = certificate
  // Also the one that was there before: it may belong to another key than the new one.
  if (wanted.certificate !== undefined) {
    wanted.certificate = readCertificate(wanted.certificate, wanted.privateKey ?? null)
  }
  return wanted
}

/** The field is called otherwise here than where a single file is read. */
function renamed(error: unknown): never {
  if (error instanceof LatchkeyError && error.details.field === 'passphrase') {
    throw new LatchkeyError(error.code, error.message, { ...error.details, field: 'private_key_passphrase' })
  }
  throw error
}
