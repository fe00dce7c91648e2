// What operators did, in words; an action without a word is shown by its code.
import { both } from './both.ts'

export const actionNames = both<Record<string, string>>(
  {
    'academy.changed': '修改书院设置', 'agreement.published': '发布协议', 'staff.added': '添加人员', 'staff.changed': '修改人员', 'staff.password_changed': '修改密码', 'staff.totp_on': '开启两步验证', 'staff.totp_off': '关闭两步验证',
    'category.added': '添加分类', 'category.changed': '修改分类', 'category.removed': '删除分类', 'lecturer.saved': '保存讲师', 'lecturer.removed': '删除讲师', 'asset.uploaded': '上传文件',
    'course.begun': '新建课程', 'course.changed': '修改课程', 'course.scheduled': '定时发布', 'course.published': '发布课程', 'course.unpublish': '撤回为草稿', 'course.archive': '归档课程', 'course.restore': '恢复为草稿', 'course.removed': '删除课程', 'course.ordered': '调整目录顺序',
    'difference.checked': '核查对账差异', 'difference.explained': '了结对账差异', 'difference.written_off': '核销对账差额', 'ledger.exported': '导出账本', 'chapter.added': '添加章', 'chapter.renamed': '给章改名', 'chapter.removed': '删除章', 'lesson.added': '添加课时', 'lesson.changed': '修改课时', 'lesson.removed': '删除课时', 'lesson.subtitle_set': '设置字幕', 'plan.set': '设定会员方案', 'codes.made': '生成兑换码', 'codes.end_moved': '移动兑换码截止', 'codes.exported': '导出兑换码', 'offer.set': '定价',
    'access.granted': '开通课程', 'access.revoked': '收回课程', 'member.phone_viewed': '查看完整号码', 'review.answered': '回复评价', 'review.hidden': '隐藏评价', 'review.shown_again': '重新显示评价', 'order.refunded': '整单退款', 'orders.exported': '导出订单', 'payment.checked': '核对支付', 'payment.put_aside': '支付处理完毕',
  },
  {
    'academy.changed': 'Settings changed', 'agreement.published': 'Agreement published', 'staff.added': 'Staff added', 'staff.changed': 'Staff changed', 'staff.password_changed': 'Password changed', 'staff.totp_on': 'Two-step on', 'staff.totp_off': 'Two-step off',
    'category.added': 'Category added', 'category.changed': 'Category changed', 'category.removed': 'Category deleted', 'lecturer.saved': 'Lecturer saved', 'lecturer.removed': 'Lecturer deleted', 'asset.uploaded': 'File uploaded',
    'course.begun': 'Course begun', 'course.changed': 'Course changed', 'course.scheduled': 'Publication planned', 'course.published': 'Course published', 'course.unpublish': 'Course withdrawn', 'course.archive': 'Course archived', 'course.restore': 'Course restored', 'course.removed': 'Course deleted', 'course.ordered': 'Outline sorted',
    'difference.checked': 'Difference checked', 'difference.explained': 'Difference explained', 'difference.written_off': 'Difference written off', 'ledger.exported': 'Ledger exported', 'chapter.added': 'Chapter added', 'chapter.renamed': 'Chapter renamed', 'chapter.removed': 'Chapter deleted', 'lesson.added': 'Lesson added', 'lesson.changed': 'Lesson changed', 'lesson.removed': 'Lesson deleted', 'lesson.subtitle_set': 'Subtitles set', 'plan.set': 'Plan set', 'codes.made': 'Codes made', 'codes.end_moved': 'End of codes moved', 'codes.exported': 'Codes exported', 'offer.set': 'Priced',
    'access.granted': 'Course granted', 'access.revoked': 'Course taken back', 'member.phone_viewed': 'Phone number viewed', 'review.answered': 'Review answered', 'review.hidden': 'Review hidden', 'review.shown_again': 'Review shown again', 'order.refunded': 'Order refunded', 'orders.exported': 'Orders exported', 'payment.checked': 'Payment checked', 'payment.put_aside': 'Payment dealt with',
  },
)
