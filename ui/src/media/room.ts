/** The room a picture will take, known before it is there, so that nothing jumps when it comes. */
export function roomFor(
  width: number | null,
  height: number | null,
  most: number,
): { width: number; height: number } {
  if (width === null || height === null || width <= 0 || height <= 0) {
    return { width: most, height: Math.round(most * 0.62) };
  }
  // A picture may be a panorama or a till receipt: neither gets more than its share, nor becomes a thread.
  const ratio = Math.min(2.4, Math.max(0.75, width / height));
  const wide = ratio >= 1 ? most : Math.round(most * ratio);
  const fitted = Math.max(Math.min(wide, width), Math.min(most, 160));
  return { width: fitted, height: Math.round(fitted / ratio) };
}
