// Somebody with the role of a lecturer, and the lecturer whom a course names.
import type { Shop } from './shop.ts'

export async function lecturerOf({ app, desk }: Shop, course: { id: string }) {
  const email = `teacher-${course.id}@example.com`
  const { id: staff } = await desk('POST /console/staff', { name: '讲师', email, role: 'lecturer', password: 'a long enough password' })
  const signed = await app.ask('POST /console/sessions', { email, password: 'a long enough password' })
  const cookie = (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { lecturer } = await desk(`GET /console/courses/${course.id}`)
  const setAccount = (account: string | null) => desk(`PUT /console/lecturers/${lecturer}/account`, { staff: account })
  return { lecturer, staff, setAccount, asLecturer: (route: string, body?: unknown) => app.ask(route, body, { cookie }) }
}
