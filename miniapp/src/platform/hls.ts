// A file of our own, so that the chunk loaded on demand gets a name inside the build's folder.
import Hls from 'hls.js'

export const Player = Hls
