// Whether a player that should play stands still. Some engines neither play a recording nor say that they cannot:
// WebKitGTK without a sink for films accepts the click and waits for ever. So its clock is watched, not its word.
import { type RefObject, useEffect, useRef, useState } from "react";

/** A slow disk or a busy machine needs a moment to begin. */
export const PATIENCE = 8_000;

/** What a player has to be watched by, and whether it stands still. */
export function useStall(player: RefObject<HTMLMediaElement | null>, begins: boolean) {
  const [isStuck, setStuck] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const at = useRef(0);
  const disarm = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  const arm = () => {
    timer.current ??= setTimeout(() => setStuck(true), PATIENCE);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what begins by itself is waited for once
  useEffect(() => {
    if (begins) arm();
    return disarm;
  }, [begins]);
  const watch = {
    onPlay: arm,
    onWaiting: arm,
    onStalled: () => {
      // Who has not begun to play has not been asked for anything yet.
      if (player.current?.paused === false) arm();
    },
    onTimeUpdate: () => {
      const now = player.current?.currentTime ?? 0;
      if (now === at.current) return;
      at.current = now;
      setStuck(false);
      disarm();
      if (player.current?.paused === false) arm();
    },
    onPause: disarm,
    onEnded: disarm,
  };
  return { isStuck, watch };
}
