import { useEffect, useState } from 'react'

/** A value that follows `value` once it has stood still, so that not every key press asks the host. */
export function useDebounced<T>(value: T, milliseconds = 250): T {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}
