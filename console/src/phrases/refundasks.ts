// Sentences of what learners ask back inside Douyin.
import { both } from './both.ts'

export const words = both(
  {
    about: '学员在抖音里点了「申请退款」。到期没有答复，抖音会自动同意并退款。', openOnly: '只看等待答复的', none: '没有退款申请。',
    states: { open: '等待答复', agreed: '已同意', denied: '未同意', lapsed: '到期自动同意' },
    asked: (sum: string) => `申请退回 ${sum}`, reason: '学员说', noReason: '没有写原因', decideBy: '答复期限', decided: (by: string) => `${by} 答复`,
    agree: '同意退款', agreeAsk: '同意后课程立即收回，款项原路退回，不能撤销。写一句备注，给同事看。', deny: '不同意', denyAsk: '写明原因，学员会在抖音里看到。',
  },
  {
    about: 'A learner pressed "ask for a refund" inside Douyin. When nobody answers in time, Douyin agrees and gives the money back.', openOnly: 'Only those waiting', none: 'No refund requests.',
    states: { open: 'Waiting', agreed: 'Agreed', denied: 'Denied', lapsed: 'Agreed by time' },
    asked: (sum: string) => `asks ${sum} back`, reason: 'Reason', noReason: 'No reason given', decideBy: 'Answer by', decided: (by: string) => `answered by ${by}`,
    agree: 'Agree', agreeAsk: 'Access ends now and the money goes back; this cannot be undone. Write a note for your colleagues.', deny: 'Deny', denyAsk: 'Say why; the learner reads it in Douyin.',
  },
)
