// Sentences of the academy's coin and the packs of it that are sold.
import { both } from './both.ts'

export const words = both(
  {
    about: '代币由微信记账：学员在小程序里充值，用来购买课程。余额不能提现，不会过期，没花掉的可以退充值款。',
    none: '还没有代币。先在微信公众平台的「虚拟支付 · 代币配置」里发布代币，再照样填在这里。', set: '设代币', change: '修改', name: '名称', perYuan: '1 元兑换', coins: (count: number) => `${count} 枚`, unit: '枚',
    selling: '充值开放', paused: '充值停止', sell: '开放充值', pausedAbout: '停止充值后，学员手里的代币照常能花。', fixedSince: '名称和比例定于', fixes: '开放充值后，名称和比例不能再改：须与微信公众平台上发布的一致。',
    owed: '学员持有', owedAbout: (sum: string) => `合 ${sum}，是对学员的负债，花掉才算收入。`,
    packs: '充值档位', addPack: '新增档位', pack: '档位', count: '代币数量', price: '售价', onSale: '在售', offSale: '停售', noPacks: '还没有档位。学员要有档位才能充值。', noPacksYet: '先设代币并开放充值，再加档位。', costs: (sum: string) => `售价 ${sum}，由兑换比例决定。`,
  },
  {
    about: 'Coins are counted by WeChat: learners top up inside the mini program and buy courses with them. A balance is never paid out and never expires; what is unspent can be refunded.',
    none: 'No coin yet. Publish one in the WeChat console under virtual payment first, then enter the same here.', set: 'Set the coin', change: 'Change', name: 'Name', perYuan: 'For ¥1', coins: (count: number) => `${count} coins`, unit: 'coins',
    selling: 'On sale', paused: 'Paused', sell: 'Sell coins', pausedAbout: 'While paused, coins that learners hold can still be spent.', fixedSince: 'Name and worth fixed since', fixes: 'Once on sale, name and worth stay: they must be those published in the WeChat console.',
    owed: 'Held by learners', owedAbout: (sum: string) => `${sum}: a debt to learners, income only once it is spent.`,
    packs: 'Packs', addPack: 'Add a pack', pack: 'Pack', count: 'Coins', price: 'Price', onSale: 'On sale', offSale: 'Off sale', noPacks: 'No packs yet. Learners need one to top up.', noPacksYet: 'Set the coin and put it on sale first.', costs: (sum: string) => `${sum}, by the worth of a coin.`,
  },
)
