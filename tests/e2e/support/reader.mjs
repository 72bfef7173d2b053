// Moving about in an open chat.

/** To the top of the open chat, if there is one. When earlier messages have just come, the list waits to hear
 *  that it was moved; put back to where it was before it is told, it hears nothing and draws nothing. A pixel
 *  to and fro is always heard. */
export const toTop = `{
  const reader = document.querySelector('[data-testid="reader"]');
  if (reader !== null) {
    reader.scrollTop = reader.scrollTop === 0 ? 1 : 0;
    reader.dispatchEvent(new Event("scroll"));
  }
}`;
