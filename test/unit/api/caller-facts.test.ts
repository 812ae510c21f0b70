import { describe, expect, it } from 'vitest'
import { findPeer, findRow } from '../../../electron/platform/caller-facts-linux.ts'
import { describe as describeProcess, findCaller } from '../../../electron/platform/caller-facts-macos.ts'

describe('[F11] the tables of Linux', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:B8D9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 40742 1 0000000069062f19 100 0 0 10 0
   1: 0100007F:B8D9 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 40743 1 0000000069062f19 20 4 30 10 -1
   2: 0100007F:D431 0100007F:B8D9 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0000000069062f19
   3: 0100007F:D431 0100007F:B8D9 01 00000000:00000000 00:00000000 00000000  1001        0 40744 1 0000000069062f19 20 4 30 10 -1`

  it('the row is the one whose addresses are those of the connection, the other way round', () => {
    expect(findRow(table, '0100007F:D431 0100007F:B8D9')).toEqual({ inode: '40744', uid: '1001' })
    expect(findRow(table, '0100007F:B8D9 0100007F:D431')).toEqual({ inode: '40743', uid: '1000' })
    expect(findRow(table, '0100007F:D432 0100007F:B8D9')).toBeNull()
    expect(findRow('', '0100007F:D431 0100007F:B8D9')).toBeNull()
  })

  it('the other end of a Unix socket is the one that ss pairs with ours', () => {
    const listing = `u_str ESTAB 0      0                                  * 1158  * 1157
u_str LISTEN 0      511    /home/a b/latchkey.sock 40700 * 0
u_str ESTAB 0      0      /home/a b/latchkey.sock 40766 * 40765
u_str ESTAB 0      0                                  * 40765 * 40766 `
    expect(findPeer(listing, '40766')).toEqual({ inode: '40765', uid: null })
    expect(findPeer(listing, '40700')).toBeNull()
    expect(findPeer(listing, '766')).toBeNull()
  })
})

describe('[F11] the tables of macOS', () => {
  it('the caller is the process whose connection begins at the port', () => {
    const listing = 'p300\nf20\nn127.0.0.1:47321->127.0.0.1:54321\np412\nf5\nn127.0.0.1:54321->127.0.0.1:47321\n'
    expect(findCaller(listing, '127.0.0.1:54321->127.0.0.1:47321')).toBe(412)
    expect(findCaller(listing, '127.0.0.1:54322->127.0.0.1:47321')).toBeNull()
  })

  it('name, user and what started it are those of ps, the file that of lsof', () => {
    const processes = `    1     0 root             launchd
  300     1 ada              Terminal
  310   300 ada              -zsh
  412   310 ada              Python\n`
    const files = 'p412\nftxt\nn/opt/homebrew/bin/python3.12\nftxt\nn/usr/lib/dyld\n'
    expect(describeProcess(412, files, processes)).toEqual({
      user: 'ada',
      process: 'Python',
      executable: '/opt/homebrew/bin/python3.12',
      script: null,
      started_by: ['-zsh', 'Terminal', 'launchd'],
    })
    expect(describeProcess(9, '', '')).toMatchObject({ user: null, process: null, executable: null, started_by: [] })
  })
})
