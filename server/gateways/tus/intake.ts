// Where large files come in. The protocol's library is read with the first file, not at every start.
import type { IncomingMessage, ServerResponse } from 'node:http'

export type Arrived = { upload: string; path: string; name: string; sizeBytes: number }
export type Taken = { sizeBytes: number; headers: Record<string, string> }

/** Who takes files over. */
export type Taker = {
  /** Takes a whole file over; replies the headers of the last answer. */
  receive(file: Arrived): Promise<Record<string, string>>
  /** What became of an upload that was taken over before. */
  recall(upload: string): Promise<Taken | undefined>
}

export type Intake = {
  handle(request: IncomingMessage, response: ServerResponse, taker: Taker): Promise<void>
  /** Removes what was begun more than a day ago and never ended; replies how many. */
  sweep(): Promise<number>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    intake: Intake
  }
}

/** `path` is where clients ask, `folder` where what has come so far is kept. */
export function openIntake(path: string, folder: string, mostBytes: number): Intake {
  let started: Promise<Intake> | undefined
  const start = () => (started ??= import('./tus.ts').then(({ startIntake }) => startIntake(path, folder, mostBytes)))
  return {
    handle: async (...asked) => (await start()).handle(...asked),
    sweep: async () => (await start()).sweep(),
  }
}
