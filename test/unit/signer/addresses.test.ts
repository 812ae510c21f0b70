import { describe, expect, it } from 'vitest'
import { addressReach } from '../../../electron/platform/addresses.ts'

describe('where an address leads', () => {
  it.each([
    ['public', ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '2606:4700::1111', '2a00::1']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1']],
    ['private', ['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1', 'fc00::1', '::ffff:10.1.2.3']],
    [
      'none',
      [
        '0.0.0.0',
        '0.1.2.3',
        '169.254.169.254',
        '224.0.0.1',
        '255.255.255.255',
        '198.18.0.1',
        '192.0.2.1',
        '::',
        'fe80::1',
        'fe80::1%eth0',
        'fec0::1',
        'ff02::1',
        '2001:db8::1',
        '2001::1',
        '2002:7f00:1::',
        '64:ff9b:1::1',
        '::ffff:169.254.169.254',
        'localhost',
        '',
      ],
    ],
  ])('%s', (reach, addresses) => {
    for (const address of addresses) expect(`${address} ${addressReach(address)}`).toBe(`${address} ${reach}`)
  })

  it('judges NAT64 and IPv4-mapped addresses by the IPv4 address inside', () => {
    expect(addressReach('64:ff9b::8.8.8.8')).toBe('public')
    expect(addressReach('64:ff9b::a00:1')).toBe('private')
    expect(addressReach('64:ff9b::7f00:1')).toBe('loopback')
    expect(addressReach('64:ff9b::a9fe:a9fe')).toBe('none')
    expect(addressReach('::ffff:808:808')).toBe('public')
  })
})
