export interface Mirrors {
  add(video: HTMLVideoElement): void;
  /** Shows another stream in each mirror that is still on the page; null clears them. */
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
      for (const old of videos) if (!old.isConnected) videos.delete(old);
      videos.add(video);
      play(video, current);
    },
    show(stream) {
      current = stream;
      for (const video of videos) {
        if (video.isConnected) play(video, stream);
        else videos.delete(video);
      }
    },
  };
}
