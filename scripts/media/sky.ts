// Draws the night: where a star falls on the picture, the hills below, lines between stars, and the words beside them.
import { between, chanceFrom } from './chance.ts'
import { starOf, stars, type Star } from './stars.ts'

export const width = 1280
export const height = 720
export const paper = '#F3ECDF'
export const cinnabar = '#E0705E'
export const serif = "'Noto Serif CJK SC', serif"

export interface Camera { ra: number, dec: number, roll: number, zoom: number }
export interface Point { x: number, y: number, seen: boolean }

/** Stereographic projection as the eye sees it: north up, east to the left. `roll` turns the picture, in degrees. */
export function project(place: { ra: number, dec: number }, camera: Camera): Point {
  const turn = ((place.ra - camera.ra) * Math.PI) / 12
  const d = (place.dec * Math.PI) / 180
  const d0 = (camera.dec * Math.PI) / 180
  const cosine = Math.sin(d0) * Math.sin(d) + Math.cos(d0) * Math.cos(d) * Math.cos(turn)
  const k = (2 * camera.zoom) / (1 + Math.max(cosine, -0.98))
  const x = -k * Math.cos(d) * Math.sin(turn)
  const y = -k * (Math.cos(d0) * Math.sin(d) - Math.sin(d0) * Math.cos(d) * Math.cos(turn))
  const roll = (camera.roll * Math.PI) / 180
  return { x: width / 2 + x * Math.cos(roll) - y * Math.sin(roll), y: height * 0.47 + x * Math.sin(roll) + y * Math.cos(roll), seen: cosine > -0.3 }
}

export const backdrop = `<defs>
<radialGradient id="night" cx="50%" cy="92%" r="105%"><stop offset="0" stop-color="#33415A"/><stop offset=".38" stop-color="#1D2838"/><stop offset="1" stop-color="#0E141E"/></radialGradient>
<radialGradient id="halo"><stop offset="0" stop-color="#F7E9CF" stop-opacity=".5"/><stop offset="1" stop-color="#F7E9CF" stop-opacity="0"/></radialGradient>
<radialGradient id="mist"><stop offset="0" stop-color="#D9DCE6" stop-opacity=".058"/><stop offset="1" stop-color="#D9DCE6" stop-opacity="0"/></radialGradient>
<radialGradient id="lamp"><stop offset="0" stop-color="#F0B45E" stop-opacity=".55"/><stop offset="1" stop-color="#F0B45E" stop-opacity="0"/></radialGradient>
</defs><rect width="${width}" height="${height}" fill="url(#night)"/>`

/** Two ranges of hills and, on the nearer one, a house with a lamp on: somebody is looking. */
export function hills(seed: number): string {
  const far = ridge(seed, 612, 46, 170)
  const near = ridge(seed + 5, 668, 34, 260)
  return `<path d="${far}" fill="#18212E"/><path d="${near}" fill="#0B1018"/>
<circle cx="1046" cy="664" r="46" fill="url(#lamp)"/><path d="M1022 662l24-17 24 17v22h-48z" fill="#070B11"/><rect x="1041" y="662" width="9" height="10" rx="1" fill="#F0B45E"/>`
}

function ridge(seed: number, base: number, swing: number, step: number): string {
  const chance = chanceFrom(seed)
  let path = `M-20 ${height}L-20 ${base}`
  for (let x = -20; x < width + step; x += step) path += `q${step / 2} ${Math.round(between(chance, -swing * 1.6, swing * 0.4))} ${step} ${Math.round(between(chance, -swing * 0.3, swing * 0.3))}`
  return `${path}L${width + step + 40} ${height}z`
}

const dust: readonly Star[] = scatter()

function scatter(): Star[] {
  const chance = chanceFrom(2026)
  return Array.from({ length: 1300 }, () => ({ ra: chance() * 24, dec: (Math.asin(between(chance, -0.75, 1)) * 180) / Math.PI, magnitude: between(chance, 4.2, 6.2), warmth: 0 as const }))
}

/** All stars of the picture; the named ones shimmer a little. */
export function starsOf(camera: Camera, seconds: number): string {
  let out = ''
  for (const star of dust) out += dot(star, camera, 1)
  let i = 0
  for (const star of stars.values()) {
    i += 1
    out += dot(star, camera, 1 + 0.1 * Math.sin(seconds * (2.1 + (i % 7) * 0.4) + i * 1.7))
  }
  return out
}

function dot(star: Star, camera: Camera, shimmer: number): string {
  const at = project(star, camera)
  if (!at.seen || at.x < -20 || at.x > width + 20 || at.y < -20 || at.y > 690) return ''
  const size = Math.max(0.55 + Math.max(0, 5.6 - star.magnitude) * 0.45, 4.6 - star.magnitude * 0.82) * shimmer
  const colour = star.warmth === 1 ? '#FFD9AE' : star.warmth === -1 ? '#DCE8FF' : '#FBF6EA'
  const glow = star.magnitude < 1.7 ? `<circle cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" r="${(size * 4.6).toFixed(1)}" fill="url(#halo)"/>` : ''
  return `${glow}<circle cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" r="${size.toFixed(2)}" fill="${colour}" opacity="${star.magnitude > 4 ? 0.62 : 0.96}"/>`
}

/** The Milky Way as soft patches along a line of the sky. */
export function milkyWay(camera: Camera): string {
  const chance = chanceFrom(7)
  const spine: readonly (readonly [number, number])[] = [[18.2, -26], [18.6, -12], [18.9, 0], [19.3, 12], [19.7, 24], [20.2, 36], [20.7, 44], [21.6, 52], [22.8, 58]]
  let out = ''
  for (const [ra, dec] of spine) {
    for (let i = 0; i < 9; i++) {
      const at = project({ ra: ra + between(chance, -0.45, 0.45), dec: dec + between(chance, -6, 6) }, camera)
      if (at.seen) out += `<circle cx="${at.x.toFixed(0)}" cy="${at.y.toFixed(0)}" r="${between(chance, 60, 130).toFixed(0)}" fill="url(#mist)"/>`
    }
  }
  return out
}

/** A galaxy to the naked eye: a small tilted patch of light. */
export function hazeOf(name: string, camera: Camera): string {
  const at = project(starOf(name), camera)
  return `<ellipse cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" rx="34" ry="13" transform="rotate(-38 ${at.x.toFixed(1)} ${at.y.toFixed(1)})" fill="url(#halo)"/>`
}

/** A line through stars that has grown to `share` of its length. */
export function lineOf(names: readonly string[], camera: Camera, share: number, style: 'figure' | 'pointer'): string {
  if (share <= 0) return ''
  const points = names.map((name) => project(starOf(name), camera))
  const lengths = points.slice(1).map((point, i) => Math.hypot(point.x - (points[i]?.x ?? 0), point.y - (points[i]?.y ?? 0)))
  let left = lengths.reduce((sum, length) => sum + length, 0) * share
  let path = ''
  for (const [i, from] of points.entries()) {
    const to = points[i + 1]
    const length = lengths[i]
    if (to === undefined || length === undefined || left <= 0) break
    const part = Math.min(1, left / length)
    left -= length
    const gap = Math.min(9, length * 0.2) / length
    const tip = Math.max(gap, Math.min(part, 1 - gap))
    path += `M${(from.x + (to.x - from.x) * gap).toFixed(1)} ${(from.y + (to.y - from.y) * gap).toFixed(1)}L${(from.x + (to.x - from.x) * tip).toFixed(1)} ${(from.y + (to.y - from.y) * tip).toFixed(1)}`
  }
  const look = style === 'figure' ? `stroke="${paper}" stroke-opacity=".62" stroke-width="1.6"` : `stroke="${cinnabar}" stroke-width="2.4" stroke-dasharray="1 8"`
  return `<path d="${path}" fill="none" stroke-linecap="round" ${look}/>`
}

export function labelOf(star: string, text: string, camera: Camera, shown: number, dx: number, dy: number): string {
  if (shown <= 0) return ''
  const at = project(starOf(star), camera)
  return wordsAt(text, at.x + dx, at.y + dy, 25, shown, dx < 0 ? 'end' : 'start')
}

export function wordsAt(text: string, x: number, y: number, size: number, shown: number, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="${serif}" font-size="${size}" font-weight="500" letter-spacing="${(size * 0.12).toFixed(1)}" text-anchor="${anchor}" fill="${paper}" opacity="${shown.toFixed(2)}">${text}</text>`
}

/** The title of the lesson, written from top to bottom beside a cinnabar seal-line. */
export function titleOf(title: string, number: string, shown: number): string {
  if (shown <= 0) return ''
  const column = [...title].map((sign, i) => `<text x="96" y="${118 + i * 54}" font-family="${serif}" font-size="42" font-weight="600" text-anchor="middle" fill="${paper}">${sign}</text>`).join('')
  return `<g opacity="${shown.toFixed(2)}">${column}<rect x="132" y="84" width="2" height="${Math.max(54, title.length * 54 - 10)}" fill="${cinnabar}"/><text x="146" y="104" font-family="${serif}" font-size="19" fill="${paper}" opacity=".75">${number}</text></g>`
}
