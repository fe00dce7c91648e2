// What an operator may do, and which role may do it. One line a permission. Who may not `course.every` has only the courses of their own.

export const permissions = {
  'academy.manage': ['owner'],
  'staff.manage': ['owner'],
  'audit.read': ['owner'],
  'course.read': ['owner', 'editor', 'lecturer', 'support'],
  'course.write': ['owner', 'editor', 'lecturer'],
  'course.every': ['owner', 'editor', 'support'],
  'course.publish': ['owner', 'editor'],
  'shelf.write': ['owner', 'editor'],
  'review.reply': ['owner', 'editor', 'support', 'lecturer'],
  'offer.read': ['owner', 'editor', 'lecturer', 'support', 'finance'],
  'price.write': ['owner', 'editor'],
  'order.read': ['owner', 'finance', 'support'],
  'order.refund': ['owner', 'finance'],
  'complaint.answer': ['owner', 'finance', 'support'],
  'order.export': ['owner', 'finance'],
  'parcel.ship': ['owner', 'support'],
  'share.manage': ['owner', 'finance'],
  'payout.manage': ['owner', 'finance'],
  'ledger.read': ['owner', 'finance'],
  'ledger.book': ['owner', 'finance'],
  'member.read': ['owner', 'support', 'finance', 'lecturer'],
  'member.unmask': ['owner', 'support'],
  'access.grant': ['owner', 'support'],
  'report.read': ['owner', 'editor', 'finance', 'support', 'lecturer'],
} as const satisfies Record<string, readonly Role[]>

export const roles = ['owner', 'editor', 'finance', 'support', 'lecturer'] as const
export type Role = 'owner' | 'editor' | 'finance' | 'support' | 'lecturer'
export type Permission = keyof typeof permissions

export function roleMay(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role)
}
