// Two films that are not charts: the sky turning round its pole, and the moon going round the earth.
import { rise } from './chance.ts'
import type { Said } from './nights.ts'
import { backdrop, cinnabar, height, hills, paper, project, starsOf, titleOf, width, wordsAt, type Camera } from './sky.ts'
import { starOf, stars } from './stars.ts'

const dipper = ['alkaid', 'mizar', 'alioth', 'megrez', 'dubhe', 'merak', 'phecda', 'megrez']

export const poleSeconds = 26
export const poleSaid: readonly Said[] = [
  { from: 1, to: 4.6, text: '面朝北方，坐上一个晚上。' },
  { from: 5, to: 9.4, text: '星星各走各的圈，谁也不追上谁。' },
  { from: 10, to: 14, text: '转的不是天，是脚下的地。' },
  { from: 14.6, to: 19, text: '所有的圈，共用一个圆心。' },
  { from: 19.6, to: 25, text: '离圆心不到一度的地方，站着北极星。' },
]

/** Star trails: every star draws its arc while the sky turns about the pole. */
export function poleFrame(t: number): string {
  const turned = 62 * rise(t, 2, 22)
  const camera: Camera = { ra: 0, dec: 86, roll: 150 - turned, zoom: 560 }
  const pole = project({ ra: 0, dec: 90 }, camera)
  let trails = ''
  for (const star of stars.values()) {
    if (star.dec < 20) continue
    const at = project(star, camera)
    const radius = Math.hypot(at.x - pole.x, at.y - pole.y)
    const end = Math.atan2(at.y - pole.y, at.x - pole.x)
    const start = end + (turned * Math.PI) / 180
    const colour = star.warmth === 1 ? '#FFD9AE' : '#E9EDF6'
    const from = `${(pole.x + radius * Math.cos(start)).toFixed(1)} ${(pole.y + radius * Math.sin(start)).toFixed(1)}`
    trails += `<path d="M${from}A${radius.toFixed(1)} ${radius.toFixed(1)} 0 0 0 ${at.x.toFixed(1)} ${at.y.toFixed(1)}" stroke="${colour}" stroke-opacity=".42" stroke-width="${Math.max(0.8, 3 - star.magnitude * 0.5).toFixed(1)}" fill="none"/>`
  }
  const figure = dipper.map((name) => project(starOf(name), camera)).map((at, i) => `${i === 0 ? 'M' : 'L'}${at.x.toFixed(1)} ${at.y.toFixed(1)}`).join('')
  const seen = rise(t, 15, 17)
  const ring = `<circle cx="${pole.x.toFixed(1)}" cy="${pole.y.toFixed(1)}" r="${(26 - 6 * seen).toFixed(1)}" fill="none" stroke="${cinnabar}" stroke-width="2.2" opacity="${seen.toFixed(2)}"/>`
  return `${backdrop}${trails}<path d="${figure}" fill="none" stroke="${paper}" stroke-opacity="${(0.5 * rise(t, 5, 8)).toFixed(2)}" stroke-width="1.5"/>${starsOf(camera, t)}${ring}${wordsAt('北极星', pole.x + 38, pole.y + 9, 25, rise(t, 19, 20.5), 'start')}${hills(3)}${titleOf('天为什么会转', '一', rise(t, 0.4, 2))}`
}

export const moonSeconds = 30
export const moonSaid: readonly Said[] = [
  { from: 1, to: 4.4, text: '左边是从天外看，右边是从地上看。' },
  { from: 4.8, to: 9, text: '阳光总从左边来，月亮永远只亮一半。' },
  { from: 9.4, to: 13.6, text: '走到这一侧，亮的一半渐渐转向我们：上弦。' },
  { from: 14, to: 18, text: '走到背着太阳的一边，整张脸都亮：望。' },
  { from: 18.4, to: 23, text: '再往前，亮面又一天天转过去：下弦。' },
  { from: 23.4, to: 29, text: '没有谁的影子，只是我们换了角度。' },
]

const phases = ['朔', '娥眉', '上弦', '盈凸', '望', '亏凸', '下弦', '残月'] as const

/** The orbit seen from above on the left (sun at the far left), the face seen from the ground on the right. */
export function moonFrame(t: number): string {
  const age = rise(t, 3.5, 27) * 360
  const angle = ((180 - age) * Math.PI) / 180
  const [cx, cy, radius] = [430, 352, 168]
  const x = cx + radius * Math.cos(angle)
  const y = cy + radius * Math.sin(angle)
  const rays = Array.from({ length: 7 }, (_, i) => `<path d="M${150 + ((t * 26) % 40)} ${172 + i * 60}h64" stroke="#F0B45E" stroke-opacity=".5" stroke-width="1.6" stroke-linecap="round"/>`).join('')
  const ball = (bx: number, by: number, size: number, lit: string) => `<circle cx="${bx.toFixed(1)}" cy="${by.toFixed(1)}" r="${size}" fill="#27324A"/><path d="M${bx.toFixed(1)} ${(by - size).toFixed(1)}A${size} ${size} 0 0 0 ${bx.toFixed(1)} ${(by + size).toFixed(1)}z" fill="${lit}"/>`
  const line = `<path d="M${cx} ${cy}L${x.toFixed(1)} ${y.toFixed(1)}" stroke="${cinnabar}" stroke-width="2" stroke-dasharray="1 8" stroke-linecap="round"/>`
  const now = phases[Math.round(age / 45) % 8] ?? '朔'
  const night = backdrop.replace('92%', '50%')
  return `${night}${rays}<circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="${paper}" stroke-opacity=".3" stroke-width="1.3"/>${line}${ball(cx, cy, 30, '#9DB7C9')}${ball(x, y, 15, '#F6EBD2')}
${wordsAt('日光', 176, 566, 22, 0.8, 'middle')}${wordsAt('地', cx, cy + 62, 22, 0.8, 'middle')}<circle cx="930" cy="330" r="260" fill="url(#halo)" opacity="${(0.55 * (1 - Math.cos((age * Math.PI) / 180)) * 0.5).toFixed(2)}"/>${face(930, 330, 150, age)}${wordsAt(now, 930, 566, 38, rise(t, 2, 3.5), 'middle')}${titleOf('月亮的脸', '八', rise(t, 0.4, 2))}<rect y="${height - 3}" width="${((width * age) / 360).toFixed(0)}" height="3" fill="${cinnabar}" opacity=".8"/>`
}

/** The moon as northern eyes see it: waxing lights the right side first. */
function face(cx: number, cy: number, r: number, age: number): string {
  const bend = Math.cos((age * Math.PI) / 180) * r
  const waxing = age <= 180
  const limb = `M${cx} ${cy - r}A${r} ${r} 0 0 ${waxing ? 1 : 0} ${cx} ${cy + r}`
  const sweep = waxing ? (bend > 0 ? 0 : 1) : bend > 0 ? 1 : 0
  const lit = `${limb}A${Math.max(0.1, Math.abs(bend)).toFixed(1)} ${r} 0 0 ${sweep} ${cx} ${cy - r}z`
  const seas = [[-38, -52, 44], [22, -66, 26], [44, -18, 30], [-60, 8, 34], [64, 30, 18], [-20, 58, 20]].map(([x = 0, y = 0, size = 0]) => `<circle cx="${cx + x}" cy="${cy + y}" r="${size}" fill="#B9A98A" opacity=".26"/>`).join('')
  return `<clipPath id="lit"><path d="${lit}"/></clipPath><circle cx="${cx}" cy="${cy}" r="${r}" fill="#222C3D"/><g clip-path="url(#lit)"><circle cx="${cx}" cy="${cy}" r="${r}" fill="#F6EBD2"/>${seas}</g>`
}
