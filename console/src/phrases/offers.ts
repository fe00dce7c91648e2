// Sentences of offers: tiers, bundles, windows, seats, and why a price is what it is.
import type { PriceStep } from '#contracts/prices.ts'
import { both } from './both.ts'

type Why = Record<PriceStep['reason'], (label: string, count: number) => string>

const zhWhy: Why = {
  list_price: (label) => `「${label}」的标价`,
  free: () => '这一项免费',
  owned_part: (label, count) => `已拥有其中 ${count} 门（${label}），按单独售价的比例扣除`,
  plan_discount: (label, count) => `「${label}」会员价，按原价的 ${count / 100}%`,
  plan_missing: (label) => `有「${label}」会员时有折扣，这位学员没有`,
  upgrade_credit: (label, count) => `原会员「${label}」还剩 ${count} 天，按天折抵`,
  credit_used_up: (label) => `原会员「${label}」没有可折抵的金额`,
}
const enWhy: Why = {
  list_price: (label) => `List price of “${label}”`,
  free: () => 'This is free',
  owned_part: (label, count) => `${count} of it owned already (${label}), taken off by what each costs alone`,
  plan_discount: (label, count) => `Member price of “${label}”: ${count / 100}% of the list`,
  plan_missing: (label) => `“${label}” members pay less; this buyer is none`,
  upgrade_credit: (label, count) => `${count} days left of “${label}”, credited by the day`,
  credit_used_up: (label) => `Nothing left to credit of “${label}”`,
}

export const words = both(
  {
    why: '为什么是这个价', steps: { list: '标价', owned_part: '已拥有的部分', plan_discount: '会员折扣', upgrade_credit: '升级折抵' }, whys: zhWhy,
    tiers: '购买方案', tiersAbout: '一门课可以有几个方案，例如入门、高阶。学员看到在售且在时间内的方案，便宜的在前。', tier: '方案名', tierHint: '只有一个方案时可留空', standard: '标准', addTier: '添加方案', noTier: '还没有方案，学员看不到购买入口。',
    bundle: '套餐', bundleName: '套餐名', newBundle: '新建套餐', bundlesAbout: '几门课合在一起卖。学员已拥有其中的课，会按单独售价的比例扣除。', noBundles: '还没有套餐。', courses: '包含的课程',
    price: '价格', yuan: '元', priceHint: '0 为免费', accessDays: '有效天数', forever: '永久', onSale: '在售', offSale: '停售', from: '开始', until: '结束', always: '不限时', window: '时间', seats: '名额', seatsHint: '留空不限', seatsTaken: (taken: number, seats: number) => `已占 ${taken} / ${seats}`, unlimited: '不限', seatsAbout: '下单即占名额；未付款关闭或退款后放回。从设定时起计数。',
    save: '保存方案', saved: '方案已更新，此前的订单不变', edit: '修改', virtualItem: '微信道具',
  },
  {
    why: 'Why this price', steps: { list: 'List price', owned_part: 'Owned already', plan_discount: 'Member discount', upgrade_credit: 'Upgrade credit' }, whys: enWhy,
    tiers: 'Tiers', tiersAbout: 'A course may have several tiers. Learners see those on sale and in their window, the cheapest first.', tier: 'Tier', tierHint: 'may be empty when there is one', standard: 'Standard', addTier: 'Add a tier', noTier: 'No tier yet: learners see no way to buy.',
    bundle: 'Bundle', bundleName: 'Name', newBundle: 'New bundle', bundlesAbout: 'Several courses sold together. What a learner owns of it is taken off by what each costs alone.', noBundles: 'No bundles yet.', courses: 'Courses',
    price: 'Price', yuan: 'yuan', priceHint: '0: free', accessDays: 'Days of access', forever: 'For good', onSale: 'On sale', offSale: 'Off sale', from: 'From', until: 'Until', always: 'Always', window: 'Window', seats: 'Seats', seatsHint: 'empty: no limit', seatsTaken: (taken: number, seats: number) => `${taken} of ${seats} taken`, unlimited: 'No limit', seatsAbout: 'An order takes a seat; closing it unpaid or a refund gives it back. Counted from when the limit is set.',
    save: 'Save', saved: 'Saved; earlier orders keep their terms', edit: 'Change', virtualItem: 'WeChat item',
  },
)
