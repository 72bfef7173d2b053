/** A small picture comes in the message itself, from anybody: nothing but a picture passes. */
export function isPicture(address: string | null): address is string {
  return address !== null && /^data:image\/(?:jpeg|png|webp|gif);base64,/.test(address);
}
