// The covers of the courses, one idea each: a dipper over a lit house, rain on an eave, a page that is also a window.
import { between, chanceFrom } from './chance.ts'

export const ink = '#1F1D1A'
const paper = '#FAF8F5'
export const cinnabar = '#C8402F'

export interface Cover { slug: string, draw: (wide: number, tall: number) => string }

export const covers: readonly Cover[] = [
  { slug: 'night-sky', draw: nightSky },
  { slug: 'evening-sounds', draw: eveningSounds },
  { slug: 'write-your-days', draw: writeYourDays },
]

/** The dipper hangs large; a dotted cinnabar line falls from its lip to a single star above a roof with a lamp on. */
function nightSky(wide: number, tall: number): string {
  const chance = chanceFrom(9)
  const scale = Math.min(wide / 1280, tall / 800) * (wide === tall ? 1.08 : 1)
  const left = wide * 0.49 - 736 * scale
  const at = (x: number, y: number) => [left + x * scale, tall * 0.06 + y * scale] as const
  const dipper = [at(1040, 70), at(910, 130), at(800, 150), at(672, 172), at(640, 292), at(438, 300), at(432, 160), at(672, 172)]
  const line = dipper.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(0)} ${y.toFixed(0)}`).join('')
  const dots = dipper.slice(0, 7).map(([x, y], i) => `<circle cx="${x}" cy="${y}" r="${(i === 3 ? 6 : 9) * scale + 2}" fill="#FBF3E2"/>`).join('')
  const [lipX, lipY] = at(432, 160)
  const [sideX, sideY] = at(438, 300)
  const [poleX, poleY] = at(450, wide === tall ? 560 : 500)
  let dust = ''
  for (let i = 0; i < 170; i++) dust += `<circle cx="${(chance() * wide).toFixed(0)}" cy="${(chance() ** 1.3 * tall * 0.82).toFixed(0)}" r="${between(chance, 0.8, 2.1).toFixed(1)}" fill="#F3ECDF" opacity="${between(chance, 0.2, 0.65).toFixed(2)}"/>`
  const ground = tall * 0.86
  const house = wide * 0.74
  return `<defs><radialGradient id="n" cx="50%" cy="100%" r="110%"><stop offset="0" stop-color="#41506B"/><stop offset=".42" stop-color="#222E41"/><stop offset="1" stop-color="#101722"/></radialGradient><radialGradient id="l"><stop offset="0" stop-color="#F4BE6C" stop-opacity=".75"/><stop offset="1" stop-color="#F4BE6C" stop-opacity="0"/></radialGradient></defs>
<rect width="${wide}" height="${tall}" fill="url(#n)"/>${dust}
<path d="${line}" fill="none" stroke="#F3ECDF" stroke-opacity=".55" stroke-width="${2.6 * scale + 0.6}"/>
<path d="M${lipX} ${lipY}L${sideX} ${sideY}L${poleX} ${poleY}" fill="none" stroke="#E0705E" stroke-width="4" stroke-dasharray="1 15" stroke-linecap="round"/>${dots}
<circle cx="${poleX}" cy="${poleY}" r="34" fill="none" stroke="#E0705E" stroke-width="3"/><circle cx="${poleX}" cy="${poleY}" r="9" fill="#FBF3E2"/>
<path d="M0 ${ground - 40}C${wide * 0.2} ${ground - 130} ${wide * 0.34} ${ground - 20} ${wide * 0.52} ${ground - 46}S${wide * 0.84} ${ground - 120} ${wide} ${ground - 70}V${tall}H0z" fill="#1A2331"/>
<path d="M0 ${ground + 30}C${wide * 0.3} ${ground - 30} ${wide * 0.6} ${ground + 46} ${wide} ${ground + 2}V${tall}H0z" fill="#0B1018"/>
<circle cx="${house}" cy="${ground - 8}" r="120" fill="url(#l)"/><path d="M${house - 66} ${ground - 14}L${house} ${ground - 58}L${house + 66} ${ground - 14}h-10v50h-112v-50z" fill="#080C12"/><rect x="${house - 16}" y="${ground - 18}" width="15" height="26" fill="#F4BE6C"/><rect x="${house + 2}" y="${ground - 18}" width="15" height="26" fill="#F4BE6C"/>`
}

/** Rain as seven strings: threads fall from a dark eave, one of them plucked, and rings open where they meet the water. */
function eveningSounds(wide: number, tall: number): string {
  const middle = wide / 2
  const tile = wide / (wide === tall ? 18 : 22)
  const gap = tile * 2
  const water = tall * 0.76
  let strings = ''
  for (let i = 0; i < 7; i++) {
    const x = middle + (i - 3) * gap
    const plucked = i === 4
    const sway = plucked ? gap * 0.3 : 0
    const top = tall * 0.145
    const end = water + (i % 2) * tall * 0.05 + i * 3
    strings += `<path d="M${x} ${top}C${x + sway * 2.2} ${tall * 0.42} ${x + sway * 2.2} ${tall * 0.56} ${x} ${end}" fill="none" stroke="${plucked ? '#E0705E' : '#EDE6D6'}" stroke-width="${plucked ? 4 : (5.2 - i * 0.55).toFixed(1)}" stroke-opacity="${plucked ? 1 : 0.8}"/>`
    if (plucked) strings += `<path d="M${x} ${top}C${x - sway * 1.9} ${tall * 0.42} ${x - sway * 1.9} ${tall * 0.56} ${x} ${end}" fill="none" stroke="#E0705E" stroke-width="1.6" stroke-opacity=".5"/>`
    for (let ring = 1; ring <= (plucked ? 4 : 2); ring++) strings += `<ellipse cx="${x}" cy="${end}" rx="${ring * gap * (plucked ? 0.62 : 0.34)}" ry="${ring * gap * (plucked ? 0.17 : 0.09)}" fill="none" stroke="${plucked ? '#E0705E' : '#EDE6D6'}" stroke-opacity="${(0.62 / ring).toFixed(2)}" stroke-width="2.2"/>`
  }
  let tiles = ''
  for (let i = -12; i <= 12; i++) tiles += `<path d="M${middle + (i - 0.5) * tile} ${tall * 0.135}a${tile / 2} ${tile * 0.55} 0 0 0 ${tile} 0z" fill="#0E1614"/><circle cx="${middle + i * tile}" cy="${tall * 0.142}" r="${tile * 0.2}" fill="#2E403A"/>`
  return `<defs><linearGradient id="d" x2="0" y2="1"><stop offset="0" stop-color="#2F443D"/><stop offset=".62" stop-color="#54716A"/><stop offset=".76" stop-color="#3C564E"/><stop offset="1" stop-color="#1B2824"/></linearGradient></defs>
<rect width="${wide}" height="${tall}" fill="url(#d)"/><circle cx="${wide * 0.9}" cy="${tall * 0.36}" r="${tall * 0.062}" fill="#F1E9D6" opacity=".2"/>
<path d="M0 ${water - 26}C${wide * 0.16} ${water - 92} ${wide * 0.28} ${water - 44} ${wide * 0.4} ${water - 34}S${wide * 0.78} ${water - 96} ${wide} ${water - 40}V${water}H0z" fill="#2F4740" opacity=".75"/>
<rect y="${water - 2}" width="${wide}" height="2" fill="#EDE6D6" opacity=".12"/>${strings}<rect width="${wide}" height="${tall * 0.136}" fill="#0E1614"/>${tiles}`
}

/** A sheet of paper on a desk; its written lines are a street at dusk seen through a window, with one line still being written. */
function writeYourDays(wide: number, tall: number): string {
  const chance = chanceFrom(31)
  const [w, h] = [tall * 0.62, tall * 0.76]
  const [x, y] = [wide / 2 - w * (wide === tall ? 0.54 : 0.6), tall * 0.11]
  let lines = ''
  const columns = 9
  for (let i = 0; i < columns; i++) {
    const cx = x + w - (i + 1) * (w / (columns + 1))
    const writing = i === 5
    if (i > 5) { lines += `<path d="M${cx} ${y + h * 0.12}V${y + h * 0.88}" stroke="#D9CFC0" stroke-width="2"/>`; continue }
    const end = writing ? 0.5 : between(chance, 0.7, 0.88)
    for (let at = 0.12; at < end; at += 0.052) lines += glyph(chance, cx, y + h * at, h * 0.017, writing ? cinnabar : ink)
  }
  const tipX = x + w - 6 * (w / (columns + 1))
  const tipY = y + h * 0.53
  const pen = `<g transform="translate(${tipX} ${tipY}) rotate(34)"><path d="M0 0C-4 -26 -15 -44 -13 -74h26C15 -44 4 -26 0 0z" fill="${ink}"/><rect x="-15" y="-92" width="30" height="20" fill="${cinnabar}"/><path d="M-14 -92h28l5 ${-tall * 0.5}h-38z" fill="#B58A5A"/><path d="M-14 -92h9l-2 ${-tall * 0.5}h-12z" fill="#C79D6E"/></g>`
  return `<defs><linearGradient id="t" x2="1" y2="1"><stop offset="0" stop-color="#EFE3D3"/><stop offset="1" stop-color="#DCC9B2"/></linearGradient><radialGradient id="w"><stop offset="0" stop-color="#FFF6E2"/><stop offset="1" stop-color="#FFF6E2" stop-opacity="0"/></radialGradient></defs>
<rect width="${wide}" height="${tall}" fill="url(#t)"/><circle cx="${wide * 0.5}" cy="${tall * 0.42}" r="${tall * 0.62}" fill="url(#w)"/>
<path d="M${x + 22} ${y + 26}h${w}v${h}h${-w}z" fill="#B79F84" opacity=".35"/><path d="M${x} ${y}h${w}v${h - 54}l-54 54h${54 - w}z" fill="${paper}"/><path d="M${x + w} ${y + h - 54}h-54v54z" fill="#E2D6C5"/>${lines}${pen}`
}

/** A mark that reads as a written sign from afar and is none: a few strokes in a square. */
function glyph(chance: () => number, x: number, y: number, half: number, colour: string): string {
  const wob = () => between(chance, -half * 0.16, half * 0.16)
  const strokes = [
    `M${-half + wob()} ${-half * 0.5 + wob()}L${half + wob()} ${-half * 0.62 + wob()}`,
    `M${wob()} ${-half + wob()}L${wob()} ${half + wob()}`,
    `M${-half * 0.9 + wob()} ${half * 0.15 + wob()}H${half * 0.9}`,
    `M${-half * 0.1} ${half * 0.1}Q${-half * 0.4} ${half * 0.8} ${-half} ${half}`,
    `M${half * 0.1} ${half * 0.1}Q${half * 0.4} ${half * 0.8} ${half} ${half}`,
    `M${-half * 0.8} ${half * 0.95 + wob()}H${half * 0.85}`,
    `M${-half * 0.85} ${-half * 0.4}V${half * 0.8}`,
  ]
  const kept = strokes.filter(() => chance() < 0.56)
  return `<path transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" d="${(kept.length > 1 ? kept : strokes.slice(0, 3)).join('')}" fill="none" stroke="${colour}" stroke-width="${between(chance, 3.4, 4.8).toFixed(1)}" stroke-linecap="round" opacity=".92"/>`
}
