/** A timer that browsers do not slow down when the tab is in the background. */
let timer: ReturnType<typeof setInterval> | undefined;

addEventListener("message", ({ data }: MessageEvent<number>) => {
  clearInterval(timer);
  if (data > 0) timer = setInterval(() => postMessage(null), data);
});
