// A file of our own, so that the chunk loaded on demand gets a name inside the build's folder.
export { default } from 'hls.js'
