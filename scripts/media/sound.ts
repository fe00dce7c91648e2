// Sounds made from nothing: strings, bells, shaped noise, a room to stand in, and the WAV they are written to.
import { between, type Chance } from './chance.ts'

export const sampleRate = 32_000

export type Track = Float32Array

export function silence(seconds: number): Track {
  return new Float32Array(Math.round(seconds * sampleRate))
}

export function mixInto(track: Track, sound: Track, atSeconds: number, gain: number): void {
  const start = Math.round(atSeconds * sampleRate)
  const end = Math.min(sound.length, track.length - start)
  for (let i = Math.max(0, -start); i < end; i++) track[start + i] = (track[start + i] ?? 0) + (sound[i] ?? 0) * gain
}

/** A plucked silk string (Karplus and Strong, 1983): a burst of noise going round a delay line that loses its brightness. */
export function pluck(chance: Chance, hertz: number, seconds: number, brightness: number): Track {
  const out = silence(seconds)
  const delay = sampleRate / hertz - 0.28
  const size = Math.ceil(delay)
  const newer = size - delay
  const line = new Float32Array(size)
  let soft = 0
  for (let i = 0; i < size; i++) {
    soft += brightness * (chance() * 2 - 1 - soft)
    line[i] = soft
  }
  const keep = Math.exp((-4.2 * size) / (sampleRate * seconds))
  let before = 0
  for (let i = 0; i < out.length; i++) {
    const at = i % size
    const now = line[at] ?? 0
    out[i] = now * Math.min(1, i / 60, (out.length - i) / (0.2 * sampleRate))
    const mixed = now * (1 - newer) + (line[(i + 1) % size] ?? 0) * newer
    line[at] = (mixed * 0.72 + before * 0.28) * keep
    before = mixed
  }
  return out
}

/** A harmonic of the qin: nearly a pure tone, with a clear start. */
export function chime(hertz: number, seconds: number): Track {
  const out = silence(seconds)
  for (let i = 0; i < out.length; i++) {
    const t = i / sampleRate
    const body = Math.sin(2 * Math.PI * hertz * t) * Math.exp((-3.2 * t) / seconds)
    const upper = Math.sin(2 * Math.PI * hertz * 2.003 * t) * 0.28 * Math.exp((-7 * t) / seconds)
    out[i] = (body + upper) * Math.min(1, t / 0.004) * Math.min(1, (seconds - t) / 0.2)
  }
  return out
}

/** A large bronze bell: partials that are not multiples of one another, each dying at its own pace and beating with a twin. */
export function bell(hertz: number, seconds: number): Track {
  const partials: readonly (readonly [number, number, number])[] = [[0.5, 0.7, 1], [1, 1, 0.8], [1.19, 0.5, 0.55], [1.56, 0.3, 0.4], [2, 0.42, 0.35], [2.66, 0.18, 0.2], [3.76, 0.1, 0.12]]
  const out = silence(seconds)
  for (const [ratio, loud, life] of partials) {
    for (const beat of [-0.21, 0.21]) {
      const step = (2 * Math.PI * (hertz * ratio + beat)) / sampleRate
      const decay = 4.5 / (seconds * life * sampleRate)
      for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + Math.sin(step * i) * Math.exp(-decay * i) * loud * 0.5
    }
  }
  for (let i = 0; i < 400; i++) out[i] = ((out[i] ?? 0) * i) / 400
  return out
}

export function noise(chance: Chance, seconds: number): Track {
  const out = silence(seconds)
  for (let i = 0; i < out.length; i++) out[i] = chance() * 2 - 1
  return out
}

/** Keeps a band around `hertz` (a state-variable filter); `hertzAt` may move it over time. */
export function band(track: Track, hertzAt: (seconds: number) => number, narrowness: number): Track {
  const out = new Float32Array(track.length)
  let low = 0
  let middle = 0
  let step = 0
  for (let i = 0; i < track.length; i++) {
    if (i % 64 === 0) step = 2 * Math.sin((Math.PI * Math.min(hertzAt(i / sampleRate), sampleRate / 7)) / sampleRate)
    low += step * middle
    const high = (track[i] ?? 0) - low - narrowness * middle
    middle += step * high
    out[i] = middle
  }
  return out
}

/** Keeps what is below `hertz`. */
export function below(track: Track, hertz: number): Track {
  const out = new Float32Array(track.length)
  const share = 1 - Math.exp((-2 * Math.PI * hertz) / sampleRate)
  let held = 0
  for (let i = 0; i < track.length; i++) {
    held += share * ((track[i] ?? 0) - held)
    out[i] = held
  }
  return out
}

export function shape(track: Track, gainAt: (seconds: number) => number): Track {
  const out = new Float32Array(track.length)
  let gain = 0
  for (let i = 0; i < track.length; i++) {
    if (i % 32 === 0) gain = gainAt(i / sampleRate)
    out[i] = (track[i] ?? 0) * gain
  }
  return out
}

/** A room of the given size: several echoes that feed themselves (Schroeder, 1962). */
export function room(chance: Chance, track: Track, wet: number, sizeSeconds: number): Track {
  const out = Float32Array.from(track)
  for (let voice = 0; voice < 6; voice++) {
    const delay = Math.round(between(chance, 0.029, 0.083) * sampleRate)
    const back = 10 ** ((-3 * delay) / sampleRate / sizeSeconds)
    const line = new Float32Array(delay)
    let soft = 0
    for (let i = 0; i < track.length; i++) {
      const at = i % delay
      const heard = line[at] ?? 0
      soft += 0.42 * (heard - soft)
      line[at] = (track[i] ?? 0) + soft * back
      out[i] = (out[i] ?? 0) + (heard * wet) / 6
    }
  }
  return out
}

/** A slow sine that wanders: several periods that never quite meet. */
export function drift(periodSeconds: number, phase: number): (seconds: number) => number {
  return (t) => 0.5 + 0.3 * Math.sin((2 * Math.PI * t) / periodSeconds + phase) + 0.2 * Math.sin((2 * Math.PI * t) / (periodSeconds * 0.37) + phase * 2.3)
}

/** Levels the whole to `peak`, fades both ends, and returns a 16-bit mono WAV. */
export function toWav(track: Track, peak: number, fadeSeconds: number): Buffer {
  let loudest = 1e-6
  for (const value of track) loudest = Math.max(loudest, Math.abs(value))
  const wav = Buffer.alloc(44 + track.length * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + track.length * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(sampleRate, 24)
  wav.writeUInt32LE(sampleRate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(track.length * 2, 40)
  const fade = fadeSeconds * sampleRate
  for (let i = 0; i < track.length; i++) {
    const edge = Math.min(1, i / fade, (track.length - i) / fade)
    wav.writeInt16LE(Math.round(((track[i] ?? 0) / loudest) * peak * edge * 32_000), 44 + i * 2)
  }
  return wav
}
