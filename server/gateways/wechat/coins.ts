// Coins of virtual payment: what somebody has, spending them, and giving back what was spent.
import { wholeOf, type Fields } from '../fields.ts'
import { done, unknown, type Answer } from '../wire.ts'
import type { Platform } from './platform.ts'
import type { CoinBalance, CoinHolder, Coins, WechatConfig } from './shapes.ts'
import { callXpay } from './virtual.ts'

/** Said of a number that has done its work before. */
const REPEATED = '268490004'
const words: Record<string, string> = { '268490006': 'too_few', '268490009': 'session_over', '90010': 'session_over' }

export function openCoins(config: WechatConfig, platform: Platform): Coins {
  const call = async ({ openid, sessionKey, address }: CoinHolder, name: string, body: Fields): Promise<Answer<Fields>> => {
    const answer = await callXpay(platform, config.xpayAppKey, name, { openid, env: config.xpayEnv, user_ip: address, ...body }, sessionKey)
    return answer.outcome === 'refused' ? { ...answer, code: words[answer.code] ?? answer.code } : answer
  }
  return {
    async balance(holder) {
      const answer = await call(holder, 'query_user_balance', {})
      return answer.outcome === 'done' ? readBalance(answer.value) : answer
    },
    async spend(holder, { number, coins, item, price }) {
      const payitem = JSON.stringify([{ productid: item, unit_price: price, quantity: 1 }])
      return once(await call(holder, 'currency_pay', { amount: coins, order_id: number, payitem, remark: '' }), 'spent')
    },
    async giveBack(holder, { number, spentNumber, coins }) {
      return once(await call(holder, 'cancel_currency_pay', { pay_order_id: spentNumber, order_id: number, amount: coins }), 'given_back')
    },
  }
}

function once<Done extends string>(answer: Answer<Fields>, word: Done): Answer<Done> {
  if (answer.outcome === 'refused' && answer.code === REPEATED) return done(word)
  return answer.outcome === 'done' ? done(word) : answer
}

function readBalance(answer: Fields): Answer<CoinBalance> {
  const [total, given] = [wholeOf(answer, 'balance'), wholeOf(answer, 'present_balance')]
  return total === undefined ? unknown('answer lacks a balance') : done({ total, given: given ?? 0 })
}
