// The ffmpeg program: what is in a file, and segments of it in another size.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import installed from '@ffmpeg-installer/ffmpeg'

export type Probe = { durationSeconds: number; width: number; height: number; hasVideo: boolean; hasAudio: boolean; isPlain: boolean; isPlainSound: boolean; isUneven: boolean }
/** The sound alone, the picture in another height, or the picture as it is. */
export type Wish = 'sound' | 'as_is' | { height: number }
export type Segment = { file: string; seconds: number }
export type Broken = { broken: string }
export type Sheet = { everySeconds: number; width: number; height: number; columns: number; rows: number }

export type Ffmpeg = {
  /** The same program, ended at once, with an error, by a signal. */
  until(signal: AbortSignal): Ffmpeg
  /** Width and height are those of the picture as it is seen: cameras write it sideways and say how to turn it. */
  probe(file: string): Promise<Probe | Broken>
  /** Cuts into MPEG-TS segments of about four seconds, or as long as the key frames of an untouched picture have it. Progress is 0 to 1. */
  segment(file: string, folder: string, wish: Wish, probe: Probe, onProgress: (share: number) => void): Promise<Segment[] | Broken>
  /** The most telling of the frames after an instant, as a JPEG. */
  poster(file: string, atSeconds: number, to: string): Promise<Broken | undefined>
  /** A sheet of small frames, one every so many seconds, in rows from left to right, as a JPEG. */
  sheet(file: string, sheet: Sheet, to: string): Promise<Broken | undefined>
}

declare module '#kernel/ctx.ts' {
  interface Gateways {
    ffmpeg: Ffmpeg
  }
}

/** `stillMs`: how long it may stand still before it is ended; a long film on a slow machine may take as long as it takes. */
type Limits = { signal?: AbortSignal; stillMs?: number }
type Ended = { code: number | null; errors: string }

const STILL_MS = 10 * 60_000
const STOOD_STILL = 'nothing moved any more'

export function openFfmpeg(path: string | undefined, limits: Limits = {}): Ffmpeg {
  const program = path ?? installed.path
  const run = (args: string[], onLine?: (line: string) => void) => runProgram(program, args, limits, onLine)
  return {
    until: (signal) => openFfmpeg(path, { ...limits, signal }),
    async probe(file) {
      const read = readProbe((await run(['-hide_banner', '-i', file])).errors)
      if ('broken' in read) return read
      const durationSeconds = read.durationSeconds ?? (await measureSeconds(run, file))
      return durationSeconds === undefined ? { broken: 'file_empty' } : { ...read, durationSeconds }
    },
    async segment(file, folder, wish, probe, onProgress) {
      await mkdir(folder, { recursive: true })
      const picture = pictureArgs(wish, probe)
      const sound = probe.isPlainSound ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '96k', '-ac', '2']
      const list = join(folder, 'list.m3u8')
      const out = ['-f', 'hls', '-hls_time', '4', '-hls_playlist_type', 'vod', '-hls_segment_filename', join(folder, '%d.ts'), list]
      const { code, errors } = await run(['-hide_banner', '-y', '-i', file, ...picture, ...sound, ...out], (line) => onProgress(shareOf(line, probe.durationSeconds)))
      return code === 0 && !cutShort.test(errors) ? readSegments(await readFile(list, 'utf8'), folder) : { broken: brokenBy(errors) }
    },
    async poster(file, atSeconds, to) {
      const pick = (from: number) => oneFrame(run, ['-ss', String(from), '-i', file, '-vf', 'thumbnail=30'], to)
      // The picture of some films ends long before their sound.
      return (await pick(atSeconds)) && pick(0)
    },
    sheet(file, { everySeconds, width, height, columns, rows }, to) {
      // A line for each small picture: the sheet itself is one frame, written last.
      const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`
      return oneFrame(run, ['-skip_frame', 'nokey', '-i', file, '-vf', `fps=1/${everySeconds}:start_time=0:round=up,showinfo,${fit},tile=${columns}x${rows}`], to)
    },
  }
}

/** ffmpeg ends well without having written a frame, so the file is what counts. */
async function oneFrame(run: (args: string[]) => Promise<{ errors: string }>, args: string[], to: string): Promise<Broken | undefined> {
  await rm(to, { force: true })
  const { errors } = await run(['-hide_banner', '-y', ...args, '-an', '-frames:v', '1', '-q:v', '4', to])
  return existsSync(to) ? undefined : { broken: brokenBy(errors) }
}

function pictureArgs(wish: Wish, probe: Probe): string[] {
  if (wish === 'sound') return ['-vn']
  if (wish === 'as_is') return ['-c:v', 'copy']
  return ['-vf', `${probe.isUneven ? 'fps=30,' : ''}scale=-2:${wish.height}:flags=bilinear`, '-c:v', 'libx264', '-preset', 'superfast', '-crf', '23', '-pix_fmt', 'yuv420p', '-force_key_frames', 'expr:gte(t,n_forced*4)']
}

/**
 * Lets go of ffmpeg when its own input ends, whatever became of us: one that went on after a kill would write beside its successor.
 * The shell waits for ffmpeg, and another part of it for the end of the input.
 */
const guarded = 'exec 3<&0; "$0" "$@" 3<&- </dev/null & made=$!; { read -r _ <&3; kill -9 $made; } 2>/dev/null & guard=$!; exec 3<&-; wait $made; code=$?; kill $guard; exit $code'

function runProgram(program: string, args: string[], { signal, stillMs = STILL_MS }: Limits, onLine: (line: string) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', guarded, program, ...args], { stdio: ['pipe', 'ignore', 'pipe'] })
    const letGo = () => void child.stdin.destroy()
    child.stdin.on('error', letGo)
    let [errors, reached, isStill] = ['', 0, false]
    const still = setTimeout(() => (isStill = true, letGo()), stillMs)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-8000)
      const reach = reachOf(text)
      if (reach > reached) still.refresh()
      reached = Math.max(reached, reach)
      onLine(text)
    })
    const end = (code: number | null, said: string) => {
      clearTimeout(still)
      signal?.removeEventListener('abort', letGo)
      if (signal?.aborted) reject(signal.reason as Error)
      else resolve({ code, errors: isStill ? `${said}\n${STOOD_STILL}` : said })
    }
    signal?.addEventListener('abort', letGo)
    if (signal?.aborted) letGo()
    // One that is let go still writes until it is closed.
    child.on('error', (error) => end(-1, error.message))
    child.on('close', (code) => end(code, errors))
  })
}

/** How far it says that it has come: frames and seconds, of which neither grows while it stands still. */
function reachOf(text: string): number {
  const most = (pattern: RegExp) => Math.max(0, ...[...text.matchAll(pattern)].map(([, hours = 0, minutes = 0, seconds = 0]) => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)))
  return most(/frame= *()()(\d+)/g) + most(/\btime=(\d+):(\d+):([\d.]+)/g) + most(/pts_time:()()([\d.]+)/g)
}

/** What browsers write while they record does not say how long it became; the time of the last frame does. */
async function measureSeconds(run: (args: string[]) => Promise<{ errors: string }>, file: string): Promise<number | undefined> {
  const { errors } = await run(['-hide_banner', '-i', file, '-c', 'copy', '-f', 'null', '-'])
  return secondsOf(errors.slice(errors.lastIndexOf('time=')), atTime)
}

const atTime = /time=(\d+):(\d+):([\d.]+)/

function secondsOf(text: string, clock: RegExp): number | undefined {
  const [found, hours, minutes, seconds] = clock.exec(text) ?? []
  return found === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function readProbe(text: string): (Omit<Probe, 'durationSeconds'> & { durationSeconds: number | undefined }) | Broken {
  const durationSeconds = secondsOf(text, /Duration: (\d+):(\d+):([\d.]+)/)
  const video = /Stream #.*Video: (?!mjpeg|png).* (\d{2,5})x(\d{2,5})/.exec(text)
  const hasAudio = /Stream #.*Audio:/.test(text)
  if ((durationSeconds === undefined && !/Duration: N\/A/.test(text)) || (!video && !hasAudio)) return { broken: brokenBy(text) }
  const [line = '', width = 0, height = 0] = video ?? []
  const turn = video ? turnOf(text.slice(video.index + line.length)) : 0
  const size = turn % 180 === 90 ? { width: Number(height), height: Number(width) } : { width: Number(width), height: Number(height) }
  // Segments cannot say how to turn the picture in them.
  const isPlain = turn === 0 && /Video: h264 .*yuv420p[(,]/.test(line)
  return { durationSeconds, ...size, hasVideo: Boolean(video), hasAudio, isPlain, isPlainSound: isPlainSound(text), isUneven: /, [\d.]+k tbr/.test(text) }
}

/** By how many degrees a picture is turned before it is shown, from what follows its own line. */
function turnOf(text: string): number {
  const [, degrees] = /(?:display ?matrix: rotation of|rotate +:) -?(\d+)/i.exec(text.split(/^ *Stream #/m)[0] ?? '') ?? []
  return Number(degrees ?? 0)
}

const MOST_SOUND_KBPS = 128

/** Whether every player reads the sound as it is, and it is no heavier than we would make it. */
function isPlainSound(text: string): boolean {
  const [, kbps] = /Audio: aac \(LC\)[^\n]*, (?:mono|stereo), fltp, (\d+) kb\/s/.exec(text) ?? []
  return kbps !== undefined && Number(kbps) <= MOST_SOUND_KBPS
}

function readSegments(list: string, folder: string): Segment[] {
  return [...list.matchAll(/#EXTINF:([\d.]+),\s*\n(\S+)/g)].map((found) => ({ seconds: Number(found[1]), file: join(folder, found[2] ?? '') }))
}

function shareOf(text: string, durationSeconds: number): number {
  return durationSeconds > 0 ? Math.min(1, (secondsOf(text, atTime) ?? 0) / durationSeconds) : 0
}

/** What ffmpeg mutters while it makes the best of a file whose end is missing. */
const cutShort = /: partial file|ended prematurely/i

const complaints: [RegExp, string][] = [
  [new RegExp(`${STOOD_STILL}$`), 'stood_still'],
  [/moov atom not found|Truncat|partial file|ended prematurely|End of file/i, 'file_cut_short'],
  [/Invalid data found|could not find codec|Unknown format/i, 'file_unreadable'],
  [/does not contain any stream|Output file is empty/i, 'file_empty'],
  [/No space left/i, 'disk_full'],
  [/Decoder .* not found|Unsupported codec|not currently supported/i, 'codec_unknown'],
]

/** What is wrong with a file, as a word the console has a sentence for. */
function brokenBy(text: string): string {
  return complaints.find(([sign]) => sign.test(text))?.[1] ?? 'file_unreadable'
}
