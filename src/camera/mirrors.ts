export interface Mirrors {
  /** The result lets go of the video. */
  add(video: HTMLVideoElement): () => void;
  /** Shows another stream in each mirror; null clears them. */
  show(stream: MediaStream | null): void;
}

function play(video: HTMLVideoElement, stream: MediaStream | null): void {
  if (video.srcObject !== stream) video.srcObject = stream;
  video.muted = true;
  video.playsInline = true;
  // The mirror was removed or got another stream while it started; this is no error.
  if (stream) void video.play().catch(() => {});
}

/** The video elements that show the live picture; a recovered camera is shown in each of them. */
export function createMirrors(): Mirrors {
  const videos = new Set<HTMLVideoElement>();
  let current: MediaStream | null = null;
  return {
    add(video) {
      videos.add(video);
      play(video, current);
      return () => {
        videos.delete(video);
        // The browser keeps a video that plays a stream, and with it the whole screen that it was part of.
        video.srcObject = null;
      };
    },
    show(stream) {
      current = stream;
      for (const video of videos) play(video, stream);
    },
  };
}
