// The hour of a simulated world: read from a file by every process that is started with this module, so that all of them leap at once; and no short wait takes its time.
import { openSync, readSync, writeFileSync } from 'node:fs'

const path = process.env['SIMULATED_HOUR']
const Real = Date
/** A wait of less than a second, such as that of a job for its turn, is so many times shorter: half of a run was that. */
const HURRY = 10

if (path !== undefined) {
  const hour = openSync(path, 'r')
  const bytes = new Float64Array(1)
  const now = () => {
    readSync(hour, bytes, 0, 8, 0)
    return Real.now() + (bytes[0] ?? 0)
  }
  globalThis.Date = new Proxy(Real, {
    construct: (target, given, asked) => Reflect.construct(target, given.length === 0 ? [now()] : given, asked) as Date,
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    apply: () => new Real(now()).toString(),
  })
  globalThis.setTimeout = new Proxy(setTimeout, { apply: (real, self, [run, ms, ...given]) => Reflect.apply(real, self, [run, ms < 1000 ? ms / HURRY : ms, ...given]) })
}

/** Sets by how much a world is ahead of the true hour. */
export function setAhead(file: string, aheadMs: number): void {
  writeFileSync(file, new Uint8Array(new Float64Array([aheadMs]).buffer))
}
