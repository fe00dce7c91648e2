// Who takes part in a run: members with what they hold in their hands, and the operators; every step is written down.
import type { Answer } from '../server/test/server.ts'
import type { Json } from '../server/test/sandbox.ts'
import type { Road } from './faults.ts'
import type { World } from './world.ts'

/** A pay sheet that was opened and may be used, now or later. */
export type Sheet = { order: string; road: Road; action: Json }
export type Person = { name: string; user: string; token: string; member: string; address: string; orders: string[]; sheets: Sheet[] }
export type Cast = {
  seed: number
  people: Person[]
  steps: string[]
  note(step: string): void
  /** What was given back in the platforms' own consoles, past us: of which try, by which number. */
  past: { trade: string; number: string; cents: number }[]
  /** Which of the known failures really happened in this run. */
  met: string[]
  /** As a member, at a place; a refusal is an answer like any other, and noted. */
  as(person: Person, route: string, body?: unknown, client?: string): Promise<Answer>
  /** As the owner, or as the second operator. */
  desk(route: string, body?: unknown, who?: 'owner' | 'second'): Promise<Answer>
  /** A key that names this step of this seed and no other. */
  key(): string
}

export const inWechat = 'wechat/android/device-test'
const onWeb = 'h5/android/device-test'

export async function gather(world: World, seed: number, count: number): Promise<Cast> {
  const steps: string[] = []
  let keys = 0
  const note = (step: string) => void steps.push(step)
  const cast: Cast = {
    seed, people: [], steps, note, met: [], past: [],
    async as(person, route, body, client = onWeb) {
      let answer = await world.ask(route, body, { token: person.token, client })
      if (answer.status === 401) {
        person.token = (await enter(world, person.user)).token
        answer = await world.ask(route, body, { token: person.token, client })
      }
      note(`${person.name} ${route} ${wordOf(body)} → ${wordOf(answer)}`)
      return answer
    },
    async desk(route, body, who = 'owner') {
      const operator = world.academy[who]
      let answer = await world.ask(route, body, { cookie: operator.cookie })
      if (answer.status === 401) {
        operator.cookie = await signIn(world, operator)
        answer = await world.ask(route, body, { cookie: operator.cookie })
      }
      if (!route.startsWith('GET')) note(`${who} ${route} ${wordOf(body)} → ${wordOf(answer)}`)
      return answer
    },
    key: () => `seed-${seed}-key-${(keys += 1)}`,
  }
  while (cast.people.length < count) cast.people.push(await join(world, seed, cast.people.length))
  return cast
}

async function join(world: World, seed: number, at: number): Promise<Person> {
  const user = `seed-${seed}-${at}`
  const { token, member } = await enter(world, user)
  const place = { name: '林知夏', phone: '13800138000', province: '北京市', city: '北京市', district: '海淀区', detail: '学院路 1 号', isDefault: true }
  const { body: address } = await world.ask('POST /me/addresses', place, { token })
  return { name: `member ${at}`, user, token, member: member.id, address: address.id, orders: [], sheets: [] }
}

async function enter(world: World, user: string): Promise<{ token: string; member: { id: string } }> {
  const { code } = await world.sim('POST', '/__client/login', { appid: world.tenant.appid, user })
  return (await world.ask('POST /sessions/wechat', { code })).body
}

async function signIn(world: World, { email, password }: { email: string; password: string }): Promise<string> {
  const answer = await world.ask('POST /console/sessions', { email, password })
  if (answer.status !== 200) throw new Error(`the operator could not sign in: ${answer.text}`)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** What a step asked or was answered, short enough for a line. */
function wordOf(said: unknown): string {
  if (said === undefined) return ''
  const { status, body } = said as Answer
  if (typeof status !== 'number') return JSON.stringify(said).slice(0, 160)
  return status === 200 ? `200 ${body?.id ?? ''} ${body?.state ?? body?.action?.kind ?? ''}`.trimEnd() : `${status} ${body?.error?.code ?? ''}`
}
