/** Scopes that were asked for and given, asked for in vain, and given unasked, each in its original order. */
export function compareScopes(requested: readonly string[], granted: readonly string[]) {
  const asked = new Set(requested)
  const given = new Set(granted)
  return {
    granted: granted.filter((name) => asked.has(name)),
    missing: requested.filter((name) => !given.has(name)),
    extra: granted.filter((name) => !asked.has(name)),
  }
}
