// Sentences of parcels: the shipping desk, its files and labels, and what WeChat was told.
import type { Carrier, ParcelState } from '#contracts/words/parcels.ts'
import { both } from './both.ts'

const zhCarriers: Record<Carrier, string> = { SF: '顺丰', ZTO: '中通', YTO: '圆通', STO: '申通', YUNDA: '韵达', JTSD: '极兔', JD: '京东', EMS: '邮政 EMS', DBL: '德邦' }
const enCarriers: Record<Carrier, string> = { SF: 'SF Express', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'Yunda', JTSD: 'J&T', JD: 'JD Logistics', EMS: 'China Post EMS', DBL: 'Deppon' }
const zhStates: Record<ParcelState, string> = { waiting: '待支付', to_ship: '待发货', shipped: '已发货', received: '已收货', returned: '已退回', cancelled: '不再发货' }
const enStates: Record<ParcelState, string> = { waiting: 'Not paid', to_ship: 'To ship', shipped: 'On its way', received: 'Received', returned: 'Came back', cancelled: 'Cancelled' }

export const words = both(
  {
    about: '付过款的教材在这里发出。填上单号，学员就能看到物流；在微信里付款的，书院会替你录入发货信息。', parcel: '包裹', states: zhStates, carriers: zhCarriers, none: '这里没有包裹。',
    goods: '物品', to: '收件人', order: '订单', shipment: '物流', paidAt: '付款', shippedAt: '发出', receivedAt: '收到', vat: '税目',
    takeBack: '收到退货', takeBackAsk: (number: string) => `订单 ${number} 的物品已经完好退回？登记后库存加回，货款可以退给学员。`, tookBack: '已登记退货',
    ship: '发货', correct: '更正单号', resume: '恢复发货', resumeAsk: (number: string) => `订单 ${number} 的退款没有成功，恢复发货？`, carrier: '快递公司', trackingNo: '快递单号', trackingHint: '6 至 30 位字母或数字', shipped: '已发货', corrected: '单号已更正', resumed: '已放回待发货', remind: '提醒收货', remindAsk: (number: string) => `快递已经签收了？微信会提醒订单 ${number} 的买家确认收货，每笔付款只能提醒一次。`, reminded: '微信已提醒', receivesAt: '自动收货', duty: '微信发货管理', duties: { managed: '已开通：在小程序里付款的订单，发货后款项才能结算，书院会替你录入。', free: '没有开通：微信不等发货信息就结算。', not_connected: '小程序还没有接通。', unknown: '暂时查不到。' },
    reports: { waiting: '正在告知微信', told: '微信已录入', refused: '微信没有接受' }, reportWhys: { '10060003': '微信只接受一次更正，之后的单号要在小程序后台改。', '10060004': '微信说这笔付款不能发货，多半已经退款。' } as Record<string, string>,
    print: '打印发货单', csv: '导出待发货', import: '导入单号', importing: '正在导入', imported: (count: number, same: number) => `发出 ${count} 件${same > 0 ? `，${same} 件没有变化` : ''}`, importAbout: '把导出的表填上快递公司和快递单号再传回来，可以用 Excel 打开。', problems: (count: number) => `${count} 行没有发出`, line: (line: number) => `第 ${line} 行`,
    whys: { unknown_order: '没有这个订单，或它没有要寄的东西', unknown_carrier: '不认识的快递公司', malformed_number: '快递单号不对，可能被表格软件改成了科学计数', state_forbids: '这个包裹不能发货了', named_twice: '同一个订单写了两个不同的单号' }, labelOf: '订单', noLabels: '没有待发货的包裹，不用打印。',
  },
  {
    about: 'Goods that are paid for leave from here. With a tracking number the learner sees where they are; what was paid inside WeChat is reported to WeChat for you.', parcel: 'Parcel', states: enStates, carriers: enCarriers, none: 'No parcels here.',
    goods: 'Goods', to: 'To', order: 'Order', shipment: 'Shipment', paidAt: 'Paid', shippedAt: 'Shipped', receivedAt: 'Received', vat: 'VAT class',
    takeBack: 'Came back', takeBackAsk: (number: string) => `The goods of order ${number} are back, whole? They are in stock again, and what was paid for them may go back.`, tookBack: 'Noted',
    ship: 'Ship', correct: 'Correct', resume: 'Resume', resumeAsk: (number: string) => `The refund of order ${number} did not go through. Ship it after all?`, carrier: 'Carrier', trackingNo: 'Tracking number', trackingHint: '6 to 30 letters or digits', shipped: 'Shipped', corrected: 'Corrected', resumed: 'Back on the list', remind: 'Remind', remindAsk: (number: string) => `The carrier handed it over? WeChat asks the buyer of order ${number} to confirm, once for a payment.`, reminded: 'Reminded', receivesAt: 'Counts as received', duty: 'Shipping management of WeChat', duties: { managed: 'On: what is paid inside the mini program is settled after it was shipped, which is reported for you.', free: 'Off: WeChat settles without being told of shipments.', not_connected: 'The mini program is not connected yet.', unknown: 'No answer right now.' },
    reports: { waiting: 'Telling WeChat', told: 'WeChat knows', refused: 'WeChat refused' }, reportWhys: { '10060003': 'WeChat takes one correction; change it further at its own console.', '10060004': 'WeChat says this payment has nothing to ship; it was probably given back.' } as Record<string, string>,
    print: 'Print labels', csv: 'Export to ship', import: 'Import numbers', importing: 'Importing', imported: (count: number, same: number) => `${count} shipped${same > 0 ? `, ${same} unchanged` : ''}`, importAbout: 'Fill carrier and tracking number into the exported file and bring it back; Excel opens it.', problems: (count: number) => `${count} rows were not shipped`, line: (line: number) => `Row ${line}`,
    whys: { unknown_order: 'no such order, or it sends nothing', unknown_carrier: 'unknown carrier', malformed_number: 'not a tracking number; a spreadsheet may have made a figure of it', state_forbids: 'this parcel cannot be shipped any more', named_twice: 'one order with two different numbers' }, labelOf: 'Order', noLabels: 'Nothing to ship, nothing to print.',
  },
)
