import { readFile } from 'node:fs/promises'
import { findRow, holderOf, nameOf, tableAddress } from './caller-facts-linux.ts'

/**
 * The program that listens on this port of 127.0.0.1, or of all addresses: `firefox (process 12)`. null where that cannot
 * be found out: anywhere but on Linux, and when it is another user's. Never throws.
 */
export async function portHolder(port: number, signal: AbortSignal): Promise<string | null> {
  if (process.platform !== 'linux') return null
  try {
    const table = await readFile('/proc/net/tcp', 'latin1')
    const nobody = '00000000:0000'
    const rows = ['127.0.0.1', '0.0.0.0'].map((address) => `${tableAddress(address, port)} ${nobody}`)
    const end = rows.map((row) => findRow(table, row)).find((it) => it !== null)
    const holder = end ? await holderOf(end.inode, signal) : null
    return holder === null ? null : `${(await nameOf(holder.pid, null)) ?? 'a program'} (process ${holder.pid})`
  } catch {
    return null
  }
}
