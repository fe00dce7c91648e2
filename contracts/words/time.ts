// Time: instants are ISO-8601 in UTC on the wire; an academy's zone is only for days and display.

export type Instant = string & { readonly __unit: 'instant' }

export function instant(date: Date): Instant {
  return date.toISOString() as Instant
}

/** Making a calendar costs a hundred times what asking it does. */
const calendars = new Map<string, Intl.DateTimeFormat>()

/** The calendar day (`2026-11-21`) of an instant in a zone such as `Asia/Shanghai`. */
export function dayOf(at: string | Date, zone: string): string {
  const known = calendars.get(zone)
  const calendar = known ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  if (!known) calendars.set(zone, calendar)
  return calendar.format(new Date(at))
}

/** False for the thirty-first of a short month. */
export function isDay(day: string): boolean {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === day
}

/** `2026-11-21 09:05` in a zone. */
export function showTime(at: string | Date, zone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(at))
  return `${dayOf(at, zone)} ${time}`
}

/** `4:05` or `1:04:05`: a position or a length, from seconds. */
export function showDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
