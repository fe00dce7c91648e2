// The films of the four seasons and of the pole: what is drawn, named and said at which second.
import type { Camera } from './sky.ts'

export interface Said { from: number, to: number, text: string }
export interface Drawn { at: number, over: number, path: readonly string[], style: 'figure' | 'pointer' }
export interface Named { at: number, star: string, text: string, dx: number, dy: number }
export interface Night { key: string, title: string, seconds: number, tall: 720 | 1080, hills: number, milky: boolean, from: Camera, to: Camera, drawn: readonly Drawn[], named: readonly Named[], said: readonly Said[] }

const dipper = ['alkaid', 'mizar', 'alioth', 'megrez', 'dubhe', 'merak', 'phecda', 'megrez'] as const
const figure = (at: number, path: readonly string[], over = 3): Drawn => ({ at, over, path, style: 'figure' })
const pointer = (at: number, path: readonly string[], over = 2.5): Drawn => ({ at, over, path, style: 'pointer' })
const named = (at: number, star: string, text: string, dx = 18, dy = 9): Named => ({ at, star, text, dx, dy })
const said = (...lines: (readonly [number, number, string])[]): Said[] => lines.map(([from, to, text]) => ({ from, to, text }))

export const nights: readonly Night[] = [
  {
    key: '02', title: '北斗指路', seconds: 28, tall: 720, hills: 12, milky: false,
    from: { ra: 12.6, dec: 66, roll: 196, zoom: 640 }, to: { ra: 12.2, dec: 74, roll: 180, zoom: 650 },
    drawn: [figure(4, dipper, 4), pointer(13, ['merak', 'dubhe', 'polaris'], 4)],
    named: [named(8, 'alkaid', '摇光', 18, -8), named(9, 'dubhe', '天枢', -20, 16), named(9.6, 'merak', '天璇', -20, 6), named(17, 'polaris', '北极星', 20, 8)],
    said: said([1, 4, '春夜朝北，先找七颗差不多亮的星。'], [4.4, 8.2, '连起来像一把长柄的勺：这就是北斗。'], [8.8, 12.6, '勺口外沿的两颗，叫天璇和天枢。'], [13, 17.2, '从天璇穿过天枢，再走五倍那么远。'], [17.6, 22, '到了：北极星。它并不很亮，只是站得住。'], [22.6, 27, '面向它，就是面向正北。']),
  },
  {
    key: '03', title: '仙后', seconds: 24, tall: 720, hills: 23, milky: false,
    from: { ra: 1, dec: 68, roll: 194, zoom: 680 }, to: { ra: 1.2, dec: 75, roll: 180, zoom: 740 },
    drawn: [figure(4, ['caph', 'schedar', 'casGamma', 'ruchbah', 'segin'], 3.5), pointer(12, ['casGamma', 'polaris'], 3.5)],
    named: [named(8, 'schedar', '王良四', -18, -12), named(8.6, 'casGamma', '策', 18, 30), named(15.5, 'polaris', '北极星', 20, 8)],
    said: said([1, 4, '秋冬的傍晚，北斗落到了树后面。'], [4.4, 8, '抬高目光，找五颗星：高挂时像 M，落低了像 W。'], [8.4, 11.6, '这是仙后座，中间那颗古称“策”。'], [12, 15.6, '从它出发，朝字形开口的一侧走。'], [16, 19.6, '走到底，又是北极星。'], [20, 23.4, '北斗与仙后，总有一个在天上值班。']),
  },
  {
    key: '04', title: '春夜大曲线', seconds: 28, tall: 720, hills: 34, milky: false,
    from: { ra: 12.9, dec: 42, roll: 0, zoom: 470 }, to: { ra: 13, dec: 21, roll: 0, zoom: 440 },
    drawn: [figure(3.5, dipper, 3), pointer(8, ['alkaid', 'arcturus'], 3), pointer(13, ['arcturus', 'spica'], 3), figure(11.4, ['arcturus', 'izar', 'booDelta', 'nekkar', 'seginus', 'booRho', 'arcturus'], 2.4), figure(17.5, ['algorab', 'gienah', 'crvEps', 'kraz', 'algorab'], 2), figure(20.5, ['denebola', 'zosma', 'algieba', 'adhafera', 'rasalas', 'leoEps', 'adhafera', 'algieba', 'leoEta', 'regulus', 'chertan', 'denebola'], 3.5)],
    named: [named(11, 'arcturus', '大角', -20, 6), named(16, 'spica', '角宿一', -22, 10), named(19.2, 'gienah', '轸宿', 20, 30), named(23.8, 'regulus', '轩辕十四', 20, 8)],
    said: said([1, 4, '春天的夜晚，从高处的北斗开始。'], [4.4, 8, '别停在勺柄的尽头，顺着弯继续走。'], [8.4, 12.4, '遇见一颗橙色的亮星，叫大角。'], [13, 17, '再弯下去，一颗白色的：角宿一。'], [17.6, 20.4, '旁边的小四边形，是轸宿。'], [21, 24.6, '往西看，狮子正好蹲在头顶。'], [25, 27.6, '这一笔，就是春季大曲线。']),
  },
  {
    key: '05', title: '银河两岸', seconds: 30, tall: 1080, hills: 45, milky: true,
    from: { ra: 19.5, dec: 20, roll: 14, zoom: 560 }, to: { ra: 19.6, dec: 25, roll: 0, zoom: 620 },
    drawn: [figure(6, ['vega', 'lyrZeta', 'sheliak', 'sulafat', 'lyrDelta', 'lyrZeta'], 2.4), figure(10, ['tarazed', 'altair', 'alshain'], 1.6), figure(14, ['deneb', 'sadr', 'cygEta', 'albireo'], 2.4), figure(15.5, ['cygDelta', 'sadr', 'cygEps'], 2), pointer(19, ['vega', 'altair', 'deneb', 'vega'], 4)],
    named: [named(4.6, 'vega', '织女', 20, -8), named(9, 'altair', '牛郎', 20, 8), named(13, 'deneb', '天津四', -20, -8)],
    said: said([1, 4, '夏夜，先等眼睛适应黑暗，再找银河。'], [4.4, 8.4, '西岸那颗蓝白色的，是织女。'], [8.8, 12.6, '东岸，左右各挑一颗小星的，是牛郎。'], [13, 18, '河心里还有一只天鹅，尾巴是天津四。'], [18.8, 23.4, '三颗亮星，连成夏季大三角。'], [24, 29.2, '织女与牛郎相隔约十五光年，一声招呼，要走十五年。']),
  },
  {
    key: '06', title: '秋夜的窗', seconds: 26, tall: 720, hills: 56, milky: false,
    from: { ra: 23.4, dec: 22, roll: 8, zoom: 560 }, to: { ra: 0.4, dec: 27, roll: 0, zoom: 640 },
    drawn: [figure(4, ['alpheratz', 'scheat', 'markab', 'algenib', 'alpheratz'], 3.6), figure(10.4, ['alpheratz', 'andDelta', 'mirach', 'almach'], 2.6), pointer(15, ['mirach', 'andMu', 'andNu', 'm31'], 3)],
    named: [named(8, 'alpheratz', '壁宿二', -16, 30), named(8.4, 'markab', '室宿一', 18, 24), named(13, 'mirach', '奎宿九', -16, 30), named(18, 'm31', '仙女星系', 18, -14)],
    said: said([1, 4, '秋天的高空很空，先找四颗星。'], [4.4, 8, '它们围成一扇方窗，里面几乎没有亮星。'], [10, 13.6, '从窗角出发，一串星往东北走出去。'], [14, 18, '到第二颗，拐弯，再跳两步。'], [18.4, 22, '这里有一小片雾，是仙女星系。'], [22.4, 25.6, '它的光，走了约二百五十万年。']),
  },
  {
    key: '07', title: '冬夜猎户', seconds: 30, tall: 720, hills: 67, milky: false,
    from: { ra: 5.6, dec: 0, roll: 0, zoom: 760 }, to: { ra: 6.1, dec: 13, roll: 0, zoom: 425 },
    drawn: [figure(3.5, ['mintaka', 'alnilam', 'alnitak'], 1.6), figure(6, ['betelgeuse', 'bellatrix', 'mintaka', 'rigel', 'saiph', 'alnitak', 'betelgeuse', 'meissa', 'bellatrix'], 4), pointer(13, ['alnitak', 'sirius'], 2.4), pointer(16.4, ['mintaka', 'aldebaran', 'alcyone'], 2.6), pointer(21, ['sirius', 'procyon', 'pollux', 'capella', 'aldebaran', 'rigel', 'sirius'], 4.6)],
    named: [named(5, 'alnilam', '参宿三星', -34, 22), named(9.6, 'betelgeuse', '参宿四', -20, -6), named(10.2, 'rigel', '参宿七', 22, 12), named(15, 'sirius', '天狼', -20, 8), named(18, 'aldebaran', '毕宿五', 18, 26), named(19, 'alcyone', '昴星团', 16, -20), named(22.6, 'procyon', '南河三', -20, 8), named(23.4, 'pollux', '北河三', -18, 6), named(24.4, 'capella', '五车二', 20, -4)],
    said: said([1, 3.6, '冬天，先看三颗星排成的一条短线。'], [4, 7.6, '这是猎人的腰带，“三星高照”说的就是它们。'], [8, 12.6, '四角两亮：左上红的参宿四，右下白的参宿七。'], [13, 16, '顺着三星往左下，是全天恒星里亮得突出的天狼。'], [16.4, 20.6, '反过来往右上，是毕宿五，再远是昴星团。'], [21, 25.6, '六颗亮星绕成一圈，叫冬季六边形。'], [26, 29.6, '冷，但值得多站一会儿。']),
  },
]
