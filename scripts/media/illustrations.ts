// One small drawing for each writing lesson: ink lines on paper, and one touch of cinnabar where the lesson points.
import { cinnabar, ink } from './covers.ts'

export interface Illustration { key: string, draw: () => string }

const line = `fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"`
const thin = `fill="none" stroke="${ink}" stroke-width="2.6" stroke-linecap="round" opacity=".55"`
const red = `fill="none" stroke="${cinnabar}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"`

export const illustrations: readonly Illustration[] = [
  { key: '01', draw: () => onPaper(`<path d="M120 372H840" ${line}/><path d="M350 330l210-22 24 54H330z" fill="#FFFDF8" ${line.replace('fill="none" ', '')}/><path d="M350 330l112 26 98-48" ${line}/><path d="M610 366l92-132" ${line}/><path d="M602 378l8-14 10 8z" fill="${ink}"/><path d="M210 372V250M170 250h80l-22-64h-36z" ${line}/><ellipse cx="210" cy="256" rx="34" ry="9" fill="${cinnabar}" opacity=".85"/><path d="M150 400h70M330 400h190" ${thin}/>`) },
  { key: '02', draw: () => onPaper(`<path d="M290 196C300 330 380 382 480 382S660 330 670 196" ${line}/><path d="M290 196C340 224 430 232 500 228" ${line}/><path d="M290 196C340 168 620 168 670 196C660 206 640 214 616 219" ${line}/><path d="M500 228l22 34 30-8 22 16 42-51" ${red}/><path d="M420 382l-8 26h136l-8-26" ${line}/><path d="M522 262C516 300 524 330 514 356" ${red.replace('5"', '2.6"')}/><path d="M240 420h480" ${thin}/>`) },
  { key: '03', draw: () => onPaper(`<rect x="150" y="140" width="270" height="260" rx="10" ${line}/><rect x="540" y="140" width="270" height="260" rx="10" ${line}/><path d="M212 240h146M212 280h146M212 320h90" ${thin}/><path d="M450 270h56m-18-18 18 18-18 18" ${line}/><path d="M598 326h154v-96H598z" ${line}/><path d="M640 230l-22-46M664 230l26-52" ${line}/><circle cx="724" cy="258" r="9" fill="${cinnabar}"/><path d="M736 258a40 40 0 0 1 30-26" ${red}/><path d="M618 300h80" ${thin}/>`) },
  { key: '04', draw: () => onPaper(`<path d="M110 384H850" ${line}/><path d="M210 280h120l-14 104h-92zM330 300c44-6 44 56-8 50" ${line}/><path d="M640 280h120l-14 104h-92zM640 300c-44-6-44 56 8 50" ${line}/><path d="M270 252c-16-22 16-34 0-58M700 252c-16-22 16-34 0-58" ${thin}/><path d="M400 150h170a22 22 0 0 1 22 22v44a22 22 0 0 1-22 22h-66l-30 32v-32h-74a22 22 0 0 1-22-22v-44a22 22 0 0 1 22-22z" stroke-dasharray="2 14" ${red}/>`) },
  { key: '05', draw: () => onPaper(`<path d="M290 260h380c0 90-60 138-190 138S290 350 290 260z" ${line}/><path d="M258 258h444" ${line}/><path d="M290 276l-54-14M670 276l54-14" ${line}/><path d="M330 236c30-42 270-42 300 0z" ${line}/><circle cx="480" cy="196" r="11" fill="${cinnabar}"/><path d="M400 172c-20-30 20-44 0-78M480 158c-20-30 20-44 0-78M560 172c-20-30 20-44 0-78" ${thin}/><path d="M420 454c-14-14 6-24 0-38M480 462c-14-16 6-26 0-42M540 454c-14-14 6-24 0-38" ${red}/>`) },
  { key: '06', draw: () => onPaper(`<path d="M90 290H400C440 290 448 180 520 180S600 290 640 290H870" ${line}/><path d="M520 180v-50" ${red}/><circle cx="520" cy="112" r="16" fill="${cinnabar}"/><path d="M150 276v28M220 276v28M290 276v28M360 276v28M700 276v28M770 276v28M840 276v28" ${thin}/><path d="M448 330h144M430 360h180M448 390h120" ${thin}/>`) },
  { key: '07', draw: () => onPaper(`<path d="M250 110h400l60 60v250H250z" ${line}/><path d="M650 110v60h60" ${line}/><path d="M310 200h300M310 250h330M310 300h280M310 350h320" ${thin}/><path d="M300 204c60-14 180 10 320-8" ${red.replace('5"', '9"')}/><path d="M420 250h110" ${red}/><path d="M566 338l14 16 34-40" ${red.replace('5"', '3.4"')}/>`) },
  { key: '08', draw: () => onPaper(`<path d="M330 110h80v330l-80-20z" fill="#F4D9A6" opacity=".8"/><path d="M330 420L196 468l110 26 104-44z" fill="#F4D9A6" opacity=".6"/><path d="M330 420V110h210v310" ${line}/><path d="M540 110l-130 40v300l130-30" fill="#FFFDF8" ${line.replace('fill="none" ', '')}/><circle cx="432" cy="296" r="8" fill="${cinnabar}"/><path d="M180 420h150M540 420h240" ${line}/>`) },
]

function onPaper(drawing: string): string {
  return `<rect width="960" height="540" fill="#F6F0E6"/><circle cx="480" cy="270" r="236" fill="#EFE5D5"/>${drawing}`
}
