import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Certificates are made anew for each run: no key is kept. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

export interface Pair {
  certificate: string
  privateKey: string
}

/** A private certificate authority, with the `openssl` command. Everything it makes lives for a day. */
export function createAuthority(name = 'Test Authority') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-authority-'))
  let serial = 0
  const at = (file: string) => path.join(folder, file)
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const extensions = 'basicConstraints=critical,CA:TRUE'
  try {
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '1',
      '-subj',
      `/CN=${name}`,
      '-addext',
      extensions,
    )
    return {
      /** PEM of the authority's own certificate. */
      certificate: fs.readFileSync(at('ca.crt'), 'utf8'),
      /** A certificate for this host name (or for a client of this name) with its private key. */
      issue(subject: string): Pair {
        serial += 1
        const [csr, out, ext, keyFile] = ['csr', 'crt', 'ext', 'key'].map((kind) => `${serial}.${kind}`) as [
          string,
          string,
          string,
          string,
        ]
        fs.writeFileSync(at(ext), `subjectAltName=DNS:${subject}\nbasicConstraints=CA:FALSE\n`)
        openssl('req', ...key, '-keyout', keyFile, '-out', csr, '-subj', `/CN=${subject}`)
        const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', String(serial)]
        openssl('x509', '-req', '-in', csr, ...signer, '-days', '1', '-extfile', ext, '-out', out)
        return { certificate: fs.readFileSync(at(out), 'utf8'), privateKey: fs.readFileSync(at(keyFile), 'utf8') }
      },
      close: () => fs.rmSync(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

export type Authority = ReturnType<typeof createAuthority>
