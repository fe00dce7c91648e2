// Sentences of offers: tiers, bundles, windows, seats, and why a price is what it is.
import type { PriceStep } from '#contracts/prices.ts'
import { both } from './both.ts'

type Why = Record<PriceStep['reason'], (label: string, count: number) => string>

const zhWhy: Why = {
  list_price: (label) => `「${label}」的标价`,
  pieces: (label, count) => `「${label}」的标价，${count} 件`,
  free: () => '这一项免费',
  owned_part: (label, count) => `已拥有其中 ${count} 门（${label}），按单独售价的比例扣除`,
  plan_discount: (label, count) => `「${label}」会员价，按原价的 ${count / 100}%`,
  plan_missing: (label) => `有「${label}」会员时有折扣，这位学员没有`,
  upgrade_credit: (label, count) => `原会员「${label}」还剩 ${count} 天，按天折抵`,
  credit_used_up: (label) => `原会员「${label}」没有可折抵的金额`,
  shipping: (label, count) => (count > 0 ? `寄送「${label}」，满 ${count / 100} 元包邮` : `寄送「${label}」`),
  shipping_free: (label, count) => (count > 0 ? `「${label}」已满 ${count / 100} 元，包邮` : `「${label}」包邮`),
}
const enWhy: Why = {
  list_price: (label) => `List price of “${label}”`,
  pieces: (label, count) => `List price of “${label}”, ${count} pieces`,
  free: () => 'This is free',
  owned_part: (label, count) => `${count} of it owned already (${label}), taken off by what each costs alone`,
  plan_discount: (label, count) => `Member price of “${label}”: ${count / 100}% of the list`,
  plan_missing: (label) => `“${label}” members pay less; this buyer is none`,
  upgrade_credit: (label, count) => `${count} days left of “${label}”, credited by the day`,
  credit_used_up: (label) => `Nothing left to credit of “${label}”`,
  shipping: (label, count) => (count > 0 ? `Sending “${label}”; free from ${count / 100} yuan` : `Sending “${label}”`),
  shipping_free: (label) => `“${label}” is sent free`,
}

export const words = both(
  {
    why: '为什么是这个价', steps: { list: '标价', owned_part: '已拥有的部分', plan_discount: '会员折扣', upgrade_credit: '升级折抵', shipping: '运费' }, whys: zhWhy,
    tiers: '购买方案', tiersAbout: '一门课可以有几个方案，例如入门、高阶。学员看到在售且在时间内的方案，便宜的在前。', tier: '方案名', tierHint: '只有一个方案时可留空', standard: '标准', addTier: '添加方案', noTier: '还没有方案，学员看不到购买入口。',
    bundle: '套餐', bundleName: '套餐名', newBundle: '新建套餐', bundlesAbout: '几门课合在一起卖。学员已拥有其中的课，会按单独售价的比例扣除。', noBundles: '还没有套餐。', courses: '包含的课程',
    price: '价格', yuan: '元', priceHint: '0 为免费', accessDays: '有效天数', forever: '永久', onSale: '在售', offSale: '停售', from: '开始', until: '结束', always: '不限时', window: '时间', seats: '名额', seatsHint: '留空不限', seatsTaken: (taken: number, seats: number) => `已占 ${taken} / ${seats}`, unlimited: '不限', seatsAbout: '下单即占名额；未付款关闭或退款后放回。从设定时起计数。', ownPolicy: '单独的退款承诺', policyDays: '付款后天数', policyPercent: '学习不超过（%）', policyAbout: '不勾选则按书院的退款承诺。保存之后的新订单按这里，已有的订单仍按下单时的承诺。天数写 0 表示不作额外承诺。',
    goods: '教材', goodsPage: '教材等实物', goodsAbout: '随课程寄送的书与用具。可以单独卖，也可以放进课程的方案里一起卖。', newGoods: '新建教材', noGoods: '还没有教材。', goodsName: '名称', beside: '放在哪些课程旁边', ships: '需要寄送', parcel: '寄出的物品', parcelHint: '写在面单和微信发货信息里', fee: '运费', freeFrom: '满多少包邮', freeFromHint: '留空不包邮', worth: '物品单独值', worthAbout: '价格里有多少是物品的。只退其中一样时按它分：没寄出全退，寄出后退回才退，课程部分按学习算。', courseVat: '课程税目', goodsVat: '物品税目', stock: '库存', stockTaken: (taken: number, stock: number) => `已售 ${taken} / ${stock}`, stockAbout: '下单即占库存；未付款关闭、发货前退款会放回，发货后收到退货在「发货」登记也会放回。', vat: '税目', vats: { goods: '货物 13%', books: '图书 9%', services: '服务 6%', exempt: '免税' },
    save: '保存方案', saved: '方案已更新，此前的订单不变', edit: '修改', virtualItems: '微信道具，每个可能的价格一件', itemFailed: '保存方案会再提交一次。',
  },
  {
    why: 'Why this price', steps: { list: 'List price', owned_part: 'Owned already', plan_discount: 'Member discount', upgrade_credit: 'Upgrade credit', shipping: 'Shipping' }, whys: enWhy,
    tiers: 'Tiers', tiersAbout: 'A course may have several tiers. Learners see those on sale and in their window, the cheapest first.', tier: 'Tier', tierHint: 'may be empty when there is one', standard: 'Standard', addTier: 'Add a tier', noTier: 'No tier yet: learners see no way to buy.',
    bundle: 'Bundle', bundleName: 'Name', newBundle: 'New bundle', bundlesAbout: 'Several courses sold together. What a learner owns of it is taken off by what each costs alone.', noBundles: 'No bundles yet.', courses: 'Courses',
    price: 'Price', yuan: 'yuan', priceHint: '0: free', accessDays: 'Days of access', forever: 'For good', onSale: 'On sale', offSale: 'Off sale', from: 'From', until: 'Until', always: 'Always', window: 'Window', seats: 'Seats', seatsHint: 'empty: no limit', seatsTaken: (taken: number, seats: number) => `${taken} of ${seats} taken`, unlimited: 'No limit', seatsAbout: 'An order takes a seat; closing it unpaid or a refund gives it back. Counted from when the limit is set.', ownPolicy: 'A refund promise of its own', policyDays: 'Days from paying', policyPercent: 'Learnt at most (%)', policyAbout: 'Otherwise the academy\'s promise holds. It holds for orders placed once it is saved; older ones keep theirs. 0 days promises nothing.',
    goods: 'Goods', goodsPage: 'Books and goods', goodsAbout: 'Books and tools that are sent. Sold alone, or together with a course in one of its tiers.', newGoods: 'New goods', noGoods: 'No goods yet.', goodsName: 'Name', beside: 'Shown beside courses', ships: 'Something is sent', parcel: 'What is sent', parcelHint: 'on the label and in what WeChat is told', fee: 'Shipping fee', freeFrom: 'Free from', freeFromHint: 'empty: never', worth: 'Goods alone', worthAbout: 'How much of the price is for the goods. When one of the two goes back it is split by this: all before they are sent, afterwards when they came back; learning by what was learnt.', courseVat: 'VAT class of learning', goodsVat: 'VAT class of the goods', stock: 'Stock', stockTaken: (taken: number, stock: number) => `${taken} of ${stock} sold`, stockAbout: 'An order takes from the stock; closing it unpaid or a refund before shipping gives it back. What comes back later is in stock again once it is noted on the shipping desk.', vat: 'VAT class', vats: { goods: 'Goods 13%', books: 'Books 9%', services: 'Services 6%', exempt: 'Exempt' },
    save: 'Save', saved: 'Saved; earlier orders keep their terms', edit: 'Change', virtualItems: 'WeChat items, one for each price it may be charged at', itemFailed: 'Saving submits it again.',
  },
)
