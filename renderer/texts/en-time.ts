const units: [name: string, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** The largest unit alone, rounded down: "2 days". Seconds in, at least one second out. */
function rough(seconds: number): string {
  const [name, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1]
  const count = Math.max(1, Math.floor(seconds / size))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** Short enough for a counter that ticks: "2 d 4 h", "59 min", "4 min 09 s", "12 s". */
function short(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const days = Math.floor(whole / 86_400)
  const hours = Math.floor((whole % 86_400) / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = whole % 60
  if (days >= 365) return `${Math.floor(days / 365)} y`
  if (days >= 10) return `${days} d`
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  if (minutes >= 10) return `${minutes} min`
  if (minutes > 0) return `${minutes} min ${String(rest).padStart(2, '0')} s`
  return `${rest} s`
}

export const time = {
  rough,
  short,
  justNow: 'just now',
  ago: (seconds: number) => `${rough(seconds)} ago`,
  in: (seconds: number) => `in ${rough(seconds)}`,
  left: (seconds: number) => `${short(seconds)} left`,
  never: 'never',
  today: 'Today',
  yesterday: 'Yesterday',
}
