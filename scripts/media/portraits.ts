// The three lecturers as cut paper: a coloured disc, a head, the fall of hair and a collar; and the lamp that is the academy's mark.
import { cinnabar, ink } from './covers.ts'

export interface Portrait { key: string, draw: () => string }

export const portraits: readonly Portrait[] = [
  { key: 'gu-ye', draw: guYe },
  { key: 'lin-kou', draw: linKou },
  { key: 'shen-yibai', draw: shenYibai },
]

function ground(colour: string, disc: string): string {
  return `<rect width="480" height="480" fill="${colour}"/><circle cx="240" cy="226" r="172" fill="${disc}"/>`
}

/** Head up, looking at a star: short hair, a coat with its collar turned up. */
function guYe(): string {
  return `${ground('#DDE3E6', '#2A3950')}<circle cx="352" cy="112" r="6" fill="#FBF3E2"/><path d="M352 92v40M332 112h40" stroke="#FBF3E2" stroke-width="1.6"/><circle cx="130" cy="150" r="3" fill="#FBF3E2" opacity=".7"/><circle cx="172" cy="96" r="2.4" fill="#FBF3E2" opacity=".6"/>
<path d="M70 480C78 396 130 356 204 342L286 344C352 358 402 398 410 480z" fill="${ink}"/>
<path d="M204 296h76l8 74-46 40-44-44z" fill="#D9A988"/>
<path d="M190 236C186 182 214 150 254 150C296 150 316 180 314 214L330 246C333 252 329 256 322 256L314 258L312 284C311 300 300 306 284 304L262 302C222 312 194 290 190 236z" fill="#EBC6A6"/>
<path d="M186 262C166 204 182 138 250 132C292 128 318 148 318 176C296 178 272 172 254 180C236 188 232 214 226 236C220 226 208 230 210 246C212 258 220 262 218 276C206 284 192 280 186 262z" fill="${ink}"/>
<path d="M176 352L204 330L236 404L204 446z" fill="#3A4B63"/><path d="M310 352L286 330L244 404L276 446z" fill="#324157"/><path d="M236 404h10l-4 76h-4z" fill="${cinnabar}"/>`
}

/** Listening: eyes closed, long hair tied low, a wide celadon scarf. */
function linKou(): string {
  return `${ground('#DCE6E0', '#86A597')}<path d="M332 206a26 26 0 0 1 0 44M352 188a50 50 0 0 1 0 80M372 170a76 76 0 0 1 0 116" fill="none" stroke="#FAF8F5" stroke-width="3" stroke-linecap="round" opacity=".8"/>
<path d="M160 210C150 292 150 350 176 396L232 372L220 250z" fill="${ink}"/>
<path d="M84 480C90 410 140 374 204 360H280C346 374 394 410 400 480z" fill="#2E5A4E"/>
<path d="M208 300h68l4 64-40 26-38-26z" fill="#DDB091"/>
<path d="M180 222C180 168 206 142 242 142C282 142 306 170 306 222C306 276 280 318 244 318C208 318 180 276 180 222z" fill="#F0CFB2"/>
<path d="M166 254C150 176 184 118 246 118C306 118 330 168 316 240C312 212 300 186 276 174C246 196 206 200 190 212C184 232 190 262 176 276C170 272 168 264 166 254z" fill="${ink}"/>
<path d="M204 238q14 9 28 0M258 238q14 9 28 0" fill="none" stroke="${ink}" stroke-width="3.4" stroke-linecap="round"/><path d="M234 284q12 7 24 0" fill="none" stroke="#A8543F" stroke-width="3.4" stroke-linecap="round"/><path d="M246 244q6 14-2 20" fill="none" stroke="#C9997A" stroke-width="2.6" stroke-linecap="round"/>
<path d="M162 352C200 392 284 392 320 350C340 372 336 404 310 416C262 436 212 434 172 414C148 402 144 372 162 352z" fill="#3F7A6A"/><path d="M286 414L330 480H276L262 426z" fill="#357061"/><path d="M180 382c40 26 90 26 130 0" fill="none" stroke="#2E5A4E" stroke-width="3" opacity=".6"/>`
}

/** Reading: round glasses, grey hair in a knot, a cinnabar thread on a plain jacket. */
function shenYibai(): string {
  return `${ground('#EFE0D6', '#D9B9A2')}<circle cx="244" cy="104" r="40" fill="#57524C"/><path d="M206 84l84 34" stroke="${cinnabar}" stroke-width="6" stroke-linecap="round"/>
<path d="M76 480C84 404 136 372 204 356H282C350 372 398 404 406 480z" fill="#4A4F58"/>
<path d="M206 300h72l4 60-40 44-40-44z" fill="#D3A68A"/>
<path d="M180 222C180 166 206 140 244 140C284 140 306 168 306 222C306 278 282 318 244 318C206 318 180 278 180 222z" fill="#EAC7AB"/>
<path d="M172 246C160 174 190 126 246 126C302 126 328 172 314 246C308 216 296 190 268 168C238 174 204 186 190 212C186 226 182 240 172 246z" fill="#6B655E"/><path d="M268 168C240 158 214 168 196 196" fill="none" stroke="#8A837A" stroke-width="3"/>
<circle cx="214" cy="234" r="24" fill="#FFF" fill-opacity=".22" stroke="${ink}" stroke-width="3.4"/><circle cx="274" cy="234" r="24" fill="#FFF" fill-opacity=".22" stroke="${ink}" stroke-width="3.4"/><path d="M238 230q6-5 12 0" fill="none" stroke="${ink}" stroke-width="3.4"/><path d="M204 240q10 6 20 0M264 240q10 6 20 0" fill="none" stroke="${ink}" stroke-width="3.2" stroke-linecap="round"/>
<path d="M230 284q14 8 28 0" fill="none" stroke="#9C4C3A" stroke-width="3.4" stroke-linecap="round"/><path d="M246 248q6 12-2 18" fill="none" stroke="#C08F73" stroke-width="2.6" stroke-linecap="round"/>
<path d="M202 356L242 404L206 480H150L176 366z" fill="#565C66"/><path d="M282 356L242 404L278 480H334L308 366z" fill="#40454D"/><path d="M242 404V480" stroke="${cinnabar}" stroke-width="4"/><circle cx="242" cy="436" r="6" fill="${cinnabar}"/>`
}

/** A lamp over an open book; the light is the one spot of cinnabar. */
export function logo(): string {
  return `<circle cx="128" cy="82" r="34" fill="${cinnabar}"/><path d="M128 20v14M84 38l9 10M172 38l-9 10" stroke="${cinnabar}" stroke-width="8" stroke-linecap="round"/><path d="M128 164C104 142 68 136 30 142v72c38-6 74 0 98 22c24-22 60-28 98-22v-72c-38-6-74 0-98 22z" fill="${ink}"/><path d="M128 164v72" stroke="#FAF8F5" stroke-width="6"/><path d="M52 166c20-1 38 3 54 12M52 190c20-1 38 3 54 12M204 166c-20-1-38 3-54 12M204 190c-20-1-38 3-54 12" fill="none" stroke="#FAF8F5" stroke-width="5" stroke-linecap="round" opacity=".85"/>`
}
