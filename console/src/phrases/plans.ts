// Sentences of membership plans.
import type { Period } from '#contracts/plans.ts'
import { both } from './both.ts'

const zhPeriods: Record<Period, string> = { trial: '试用', month: '一个月', season: '三个月', year: '一年', lifetime: '终身' }
const enPeriods: Record<Period, string> = { trial: 'Trial', month: 'Month', season: 'Season', year: 'Year', lifetime: 'Lifetime' }

export const words = both(
  {
    about: '会员按等级解锁课程或给折扣。升级时，低一级剩余的天数按天折抵；同一等级续费，从到期日接着算。', newPlan: '新建会员', noPlans: '还没有会员方案。', title: '名称', explanation: '说明', rank: '等级', rankHint: '数字越大越高', unlocks: '解锁', all: '全部课程', chosen: '选定的课程', chosenCount: (count: number) => `${count} 门课程`,
    discount: '其余按原价的百分之', others: '其余课程', discountHint: '留空不打折', remindDays: '到期前几天提醒（页面上，并发一次短信；0 不提醒）', members: '在期会员', endingSoon: (count: number) => `${count} 位快到期`, save: '保存', saved: '会员方案已更新，在期会员立即生效',
    offers: '时长与价格', addOffer: '添加时长', period: '时长', periods: zhPeriods, offerTitle: '名称', trialDays: '试用天数', giftDays: '另送天数', given: '送', dayWord: '天', percent: (basisPoints: number) => `${basisPoints / 100}%`, none: '无折扣',
  },
  {
    about: 'Plans unlock courses or make them cheaper, by tier. An upgrade credits what is left by the day; a renewal goes on from the end.', newPlan: 'New plan', noPlans: 'No plans yet.', title: 'Name', explanation: 'About', rank: 'Tier', rankHint: 'higher is more', unlocks: 'Unlocks', all: 'Every course', chosen: 'Chosen courses', chosenCount: (count: number) => `${count} courses`,
    discount: 'Everything else at percent', others: 'Other courses', discountHint: 'empty: no discount', remindDays: 'Remind days before the end, on the page and by one text; 0: never', members: 'Members', endingSoon: (count: number) => `${count} end soon`, save: 'Save', saved: 'Saved; members have it at once',
    offers: 'Times and prices', addOffer: 'Add a time', period: 'Time', periods: enPeriods, offerTitle: 'Name', trialDays: 'Trial days', giftDays: 'Days given', given: '+', dayWord: 'days', percent: (basisPoints: number) => `${basisPoints / 100}%`, none: 'None',
  },
)
