/**
 * A hint, not a gate: from 0 (too short) to 4. What counts is length and how many different characters and words there
 * are; rules about digits and signs make passphrases worse (NIST SP 800-63B 3.1.1.2).
 */
export function strength(passphrase: string): 0 | 1 | 2 | 3 | 4 {
  const characters = [...passphrase]
  if (characters.length < 8) return 0
  const different = new Set(characters.map((it) => it.toLowerCase())).size
  const words = new Set(
    passphrase
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 2),
  ).size
  // Repeated characters add little: "aaaaaaaaaaaa" is as weak as it looks.
  const worth = Math.min(characters.length, different * 2) + Math.max(0, words - 1) * 2
  if (worth < 12) return 1
  if (worth < 17) return 2
  if (worth < 24) return 3
  return 4
}
