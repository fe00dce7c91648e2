// Sentences of redeem codes.
import { both } from './both.ts'

export const words = both(
  {
    about: '一批兑换码对应一个方案：谁兑换，谁得到它当时包含的内容。每个码只能用一次，导出会记入操作记录。', newBatch: '新建一批', noBatches: '还没有兑换码。', title: '用途', titleHint: '例如：读书会赠课', offer: '兑换内容', count: '数量', expiresAt: '截止', never: '长期有效', redeemed: '已兑换', madeBy: '创建', make: '生成', made: (count: number) => `已生成 ${count} 个兑换码`, csv: '导出 CSV', stop: '停用', restore: '恢复', stopAsk: (title: string) => `停用「${title}」里还没有兑换的码？已兑换的不受影响，之后可以恢复。`, stopped: '已停用',
  },
  {
    about: 'A batch of codes stands for an offer: whoever redeems one gets what it gave when the batch was made. Each works once; exports are audited.', newBatch: 'New batch', noBatches: 'No codes yet.', title: 'Purpose', titleHint: 'for example: reading club', offer: 'Gives', count: 'Count', expiresAt: 'Until', never: 'No end', redeemed: 'Redeemed', madeBy: 'Made by', make: 'Make', made: (count: number) => `${count} codes made`, csv: 'Export CSV', stop: 'Stop', restore: 'Restore', stopAsk: (title: string) => `Stop the codes of “${title}” that are not redeemed yet? What was redeemed stays; they can be restored.`, stopped: 'Stopped',
  },
)
